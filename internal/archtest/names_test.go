package archtest

import (
	"go/ast"
	"go/token"
)

// kind is what a name stands for.
type kind string

const (
	aType     kind = "type"
	aConstant kind = "constant"
	aVariable kind = "variable" // or a field
	aFunction kind = "function" // or a method
)

// names are the declarations of a package: "Edition", and below a type its
// methods and fields, "Edition.Cite".
type names map[string]kind

// declarations are the names of every package, by folder.
func declarations(m module) map[string]names {
	all := map[string]names{}
	dirs, files := m.packages()
	for _, dir := range dirs {
		all[dir] = names{}
		for _, s := range files[dir] {
			for _, d := range s.tree.Decls {
				all[dir].declare(d)
			}
		}
	}
	return all
}

func (n names) declare(d ast.Decl) {
	switch d := d.(type) {
	case *ast.FuncDecl:
		prefix := ""
		if d.Recv != nil {
			prefix = typeName(d.Recv.List[0].Type) + "."
		}
		n[prefix+d.Name.Name] = aFunction
	case *ast.GenDecl:
		for _, spec := range d.Specs {
			switch spec := spec.(type) {
			case *ast.TypeSpec:
				n[spec.Name.Name] = aType
				n.declareMembers(spec)
			case *ast.ValueSpec:
				for _, id := range spec.Names {
					n[id.Name] = aVariable
					if d.Tok == token.CONST {
						n[id.Name] = aConstant
					}
				}
			}
		}
	}
}

func (n names) declareMembers(spec *ast.TypeSpec) {
	var members *ast.FieldList
	switch t := spec.Type.(type) {
	case *ast.StructType:
		members = t.Fields
	case *ast.InterfaceType:
		members = t.Methods
	default:
		return
	}
	for _, field := range members.List {
		for _, id := range field.Names {
			n[spec.Name.Name+"."+id.Name] = aVariable
		}
		if len(field.Names) == 0 {
			n[spec.Name.Name+"."+typeName(field.Type)] = aVariable
		}
	}
}

// typeName is the name of a receiver's or an embedded type, without pointer,
// package and type parameters.
func typeName(t ast.Expr) string {
	switch t := t.(type) {
	case *ast.StarExpr:
		return typeName(t.X)
	case *ast.IndexExpr:
		return typeName(t.X)
	case *ast.IndexListExpr:
		return typeName(t.X)
	case *ast.SelectorExpr:
		return t.Sel.Name
	case *ast.Ident:
		return t.Name
	}
	return ""
}
