// Command hoinq
package main
