module github.com/hoinq/hoinq

go 1.26
