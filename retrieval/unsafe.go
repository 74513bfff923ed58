package retrieval

import (
	"strings"

	"github.com/hoinq/hoinq/internal/unaccent"
)

// command is an order to the program: one of the verbs with one of the objects
// shortly behind it, in lower case. No objects means that the verb alone does.
type command struct {
	verbs, objects []string
	// next says that the object must follow at once: "đóng vai một người" is
	// an order, "đóng vai trò là một động lực" is not.
	next bool
}

// commands are what is asked of a program and not of documents: to drop its
// rules, to show its keys, to speak in another's name; read-only.
var commands = []command{
	{
		verbs:   []string{"bỏ qua", "quên", "lờ đi", "phá bỏ", "hủy bỏ", "huỷ bỏ", "ignore", "disregard", "forget", "override", "bypass"},
		objects: []string{"hướng dẫn", "quy tắc", "chỉ dẫn", "mệnh lệnh", "câu lệnh", "lệnh", "ràng buộc", "rules", "instructions", "instruction", "guidelines", "prompt", "prompts"},
	},
	{
		verbs:   []string{"khóa", "khoá", "key", "mật khẩu", "mã bí mật", "token"},
		objects: []string{"api", "của bot", "máy chủ"},
	},
	{
		verbs:   []string{"mật khẩu", "mã bí mật", "key", "token"},
		objects: []string{"hệ thống", "quản trị"},
	},
	{
		verbs: []string{"giả làm", "giả vờ", "đóng vai", "nhập vai", "nhân danh", "pretend", "act as", "roleplay"},
		objects: []string{"lãnh đạo", "chủ tịch", "bí thư", "cán bộ", "công an", "một", "người", "là", "mình", "bạn",
			"you", "to", "as", "a", "an", "the"},
		next: true,
	},
	{
		verbs:   []string{"viết", "soạn", "bịa", "tạo"},
		objects: []string{"thông báo khẩn", "tin giả", "truyện cười", "bài thơ"},
	},
	{verbs: []string{"system prompt", "hidden prompt", "initial prompt", "api key", "jailbreak", "dan mode"}},
}

// reach is how far behind its verb an object may stand, in bytes.
const reach = 64

// unsafe reports whether a text is no question to the documents but an attempt
// to make the program do something else. Where the writer types marks they
// count: "khoa học" is no "khóa". It is a courtesy: the program has no rules
// to drop, and would refuse such a text for want of a passage anyway.
func unsafe(text string) bool {
	words := wordingOf(plain(text))
	form := func(phrase string) string { return phrase }
	if words.plain == words.marked {
		form = unaccent.String
	}
	for _, c := range commands {
		for _, verb := range c.verbs {
			if verb = form(verb); count(words.marked, verb) > 0 && c.orders(words.marked, verb, form) {
				return true
			}
		}
	}
	return false
}

// orders reports whether one of the objects stands behind the verb somewhere
// in the text.
func (c command) orders(text, verb string, form func(string) string) bool {
	for {
		_, behind, found := strings.Cut(text, " "+verb+" ")
		if !found {
			return false
		}
		behind = " " + behind
		near := behind[:min(len(behind), reach)]
		for _, object := range c.objects {
			object = " " + form(object) + " "
			if c.next && strings.HasPrefix(near, object) || !c.next && strings.Contains(near, object) {
				return true
			}
		}
		if c.objects == nil {
			return true
		}
		text = behind
	}
}
