package retrieval

import "strings"

// command is an order to the program: one of the verbs with one of the objects
// shortly behind it, without marks. No objects means that the verb alone does.
type command struct{ verbs, objects []string }

// commands are what is asked of a program and not of documents: to drop its
// rules, to show its keys, to speak in another's name; read-only.
var commands = []command{
	{
		[]string{"bo qua", "quen", "lo di", "pha bo", "huy bo", "ignore", "disregard", "forget", "override", "bypass"},
		[]string{"huong dan", "quy tac", "chi dan", "menh lenh", "cau lenh", "lenh", "rang buoc", "rules", "instructions", "instruction", "guidelines", "prompt", "prompts"},
	},
	{
		[]string{"khoa", "key", "mat khau", "ma bi mat", "token"},
		[]string{"api", "he thong", "quan tri", "cua bot", "may chu"},
	},
	{
		[]string{"gia lam", "gia vo", "gia danh", "dong vai", "nhap vai", "mao danh", "nhan danh", "pretend", "act as", "roleplay"},
		[]string{"lanh dao", "chu tich", "bi thu", "can bo", "cong an", "mot", "nguoi", "la", "you", "a", "an", "the"},
	},
	{
		[]string{"viet", "soan", "bia", "tao"},
		[]string{"thong bao khan", "tin gia", "loi keu goi", "truyen cuoi", "bai tho"},
	},
	{[]string{"system prompt", "hidden prompt", "initial prompt", "api key", "jailbreak", "dan mode"}, nil},
}

// reach is how far behind its verb an object may stand, in bytes.
const reach = 48

// unsafe reports whether a text is no question to the documents but an attempt
// to make the program do something else. It is a courtesy: the program has no
// rules to drop, and would refuse such a text for want of a passage anyway.
func unsafe(text string) bool {
	key := spaced(fold(plain(text)))
	for _, c := range commands {
		for _, verb := range c.verbs {
			_, behind, found := strings.Cut(key, " "+verb+" ")
			if found && (c.objects == nil || holdsOne(" "+behind[:min(len(behind), reach)], c.objects)) {
				return true
			}
		}
	}
	return false
}

func holdsOne(text string, phrases []string) bool {
	for _, p := range phrases {
		if strings.Contains(text, " "+p+" ") {
			return true
		}
	}
	return false
}
