// <hoi-nghi-quyet>: asks official documents from within another site's page.
// One file, no build step, nothing loaded, no cookie. What comes from outside
// is put in as text, never as markup; the style is a constructed sheet, so that
// a page whose policy forbids styles of its own can hold it. How to use it:
// the package doc of bot/widget, and the page /widget of the service.
"use strict";
(() => {
  const name = "hoi-nghi-quyet";
  if (customElements.get(name)) return; // the page loads the script twice
  // The service is where the script comes from. A script loaded as a module is
  // nobody's current script: it is found where no other could be meant, and else
  // the attribute api has to say where to ask.
  const modules = document.querySelectorAll('script[type="module"][src*="/widget.js"]');
  const script = document.currentScript || (modules.length === 1 ? modules[0] : null);
  const longest = 1000; // characters of a question
  const patience = 30_000; // milliseconds; the service answers within 20 s
  const texts = {
    name: "Hỏi văn bản",
    close: "Đóng",
    greeting: "Hỏi về các văn bản của cơ quan: câu trả lời trích nguyên văn và ghi rõ vị trí; điều gì văn bản không nêu thì nói thẳng.",
    talk: "Cuộc hỏi đáp",
    log: "Câu hỏi và trả lời",
    label: "Câu hỏi của anh/chị",
    hint: "Gõ có dấu hay không dấu đều được. Không cần cho biết anh/chị là ai.",
    ask: "Hỏi",
    asked: "Câu hỏi: ",
    context: "Lời dẫn trong văn bản: ",
    open: "Mở trong văn bản",
    newTab: " (mở trong thẻ mới)",
    waiting: "Đang tìm trong văn bản…",
    empty: "Anh/chị chưa gõ câu hỏi. Xin gõ câu hỏi bằng chữ, có dấu hay không dấu đều được.",
    unread: "Câu hỏi chưa đọc được: để trống, hoặc dài quá 1.000 ký tự. Xin anh/chị sửa lại rồi bấm Hỏi.",
    unready: "Hệ thống đang nạp văn bản hoặc đang bận nên chưa trả lời được. Xin anh/chị chờ một lát rồi bấm Hỏi lại; câu hỏi vẫn còn trong ô.",
    broken: "Chưa gửi được câu hỏi. Xin anh/chị kiểm tra đường truyền rồi bấm Hỏi để thử lại; câu hỏi vẫn còn trong ô.",
    busy: (seconds) => `Anh/chị hỏi hơi nhanh. Xin chờ ${seconds > 0 ? seconds + " giây" : "ít phút"} rồi bấm Hỏi lại; câu hỏi vẫn còn trong ô.`,
  };

  // What stands around an answer is in the language of the question.
  const around = {
    vi: { understood: "Hiểu là: ", nearest: "Đoạn gần nhất (chưa phải câu trả lời)", next: "Có thể hỏi tiếp" },
    en: { understood: "Understood as: ", nearest: "The nearest passages (not an answer yet)", next: "You may ask next" },
  };

  const css = `
:host {
  all: initial; display: block; direction: ltr;
  --paper: var(--hnq-paper, #fffdf8); --ink: var(--hnq-ink, #24201b); --soft: var(--hnq-soft, #5d554a);
  --line: var(--hnq-line, #e0d7c6); --edge: var(--hnq-edge, #8c8271); --tint: var(--hnq-tint, #f3e7da);
  --accent: var(--hnq-accent, #8a1f1b); --button: var(--hnq-button, #8a1f1b); --on-button: var(--hnq-on-button, #fffaf0);
  --radius: var(--hnq-radius, .5em);
}
@media (prefers-color-scheme: dark) {
  :host {
    --paper: var(--hnq-paper, #211e1a); --ink: var(--hnq-ink, #ece5d8); --soft: var(--hnq-soft, #b5ab9b);
    --line: var(--hnq-line, #3b352d); --edge: var(--hnq-edge, #857b6c); --tint: var(--hnq-tint, #2c261f);
    --accent: var(--hnq-accent, #eda491); --button: var(--hnq-button, #9b352c); --on-button: var(--hnq-on-button, #fff6ec);
  }
}
:host([hidden]), [hidden] { display: none !important; }
*, ::before, ::after { box-sizing: border-box; }
.box {
  color: var(--ink); overflow-wrap: break-word; -webkit-text-size-adjust: 100%; text-size-adjust: 100%;
  font: 1em/1.55 var(--hnq-font, system-ui, "Segoe UI", Roboto, "Noto Sans", "Helvetica Neue", Arial, sans-serif);
}
p, figure, blockquote { margin: 0; }
button { font: inherit; cursor: pointer; }
a { color: var(--accent); text-underline-offset: .18em; }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
.unseen { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
.launcher, .send { border: 1px solid transparent; border-radius: var(--radius); padding: .5em 1.1em; min-height: 2.75em; background: var(--button); color: var(--on-button); font-weight: 600; }
.panel {
  position: relative; display: flex; flex-direction: column; margin-top: .5em; background: var(--paper);
  border: 1px solid var(--edge); border-radius: var(--radius); overflow: hidden;
}
.head { display: flex; align-items: center; justify-content: space-between; gap: .5em; padding: .35em .35em .35em 1em; border-bottom: 1px solid var(--line); }
.title { font-weight: 700; }
.close { flex: none; width: 2.75em; height: 2.75em; border: 0; border-radius: var(--radius); background: none; color: inherit; }
.close::before { content: "×" / ""; font-size: 1.5em; line-height: 1; }
.close:hover, .next button:hover { background: var(--tint); }
.talk { position: relative; padding: 1em; overflow: auto; max-height: 30em; overscroll-behavior: contain; }
.talk:focus-visible { outline-offset: -3px; }
.greeting { color: var(--soft); }
.exchange { margin-top: 1.25em; }
.question { font-weight: 700; padding-left: .7em; border-left: 4px solid var(--accent); white-space: pre-line; margin-bottom: .6em; }
.understood, .hint, .status { font-size: .9em; color: var(--soft); }
.said p + p { margin-top: .5em; }
.refused .said { padding: .7em .9em; background: var(--tint); border-radius: var(--radius); }
.quotation { margin-top: .8em; border: 1px solid var(--line); border-radius: var(--radius); overflow: hidden; }
.context { padding: .6em .9em; background: var(--tint); color: var(--soft); }
.words, .context { font-family: var(--hnq-quote-font, "Times New Roman", "Liberation Serif", "Noto Serif", serif); white-space: pre-line; }
.words { padding: .8em .9em .5em; font-size: 1.12em; line-height: 1.55; }
.words::before { content: "“"; }
.words::after { content: "”"; }
figcaption { margin: 0 .9em; padding: .5em 0 .3em; border-top: 1px solid var(--line); font-size: .9em; color: var(--soft); }
.place { color: var(--ink); font-weight: 600; }
.badge { display: inline-block; margin: .2em 0; padding: 0 .5em; border: 1px solid var(--line); border-radius: 1em; background: var(--tint); color: var(--ink); }
.link { display: inline-flex; align-items: center; min-height: 2.4em; }
.link::after { content: "↗" / ""; margin-left: .3em; }
.nearest { margin-top: 1em; }
.nearest .quotation { border-style: dashed; border-color: var(--edge); }
.nearest > p, .next > p { font-size: .9em; font-weight: 600; }
.next { display: flex; flex-direction: column; gap: .4em; margin-top: 1em; }
.next button { text-align: left; min-height: 2.6em; padding: .4em .8em; border: 1px solid var(--edge); border-radius: var(--radius); background: none; color: inherit; }
.status { padding: 0 1em; color: var(--ink); }
.status:not(:empty) { padding-bottom: .6em; }
form { padding: .7em 1em .8em; border-top: 1px solid var(--line); }
label { display: block; font-weight: 600; margin-bottom: .3em; }
.entry { display: flex; gap: .5em; align-items: stretch; }
textarea {
  flex: 1; min-width: 0; min-height: 2.75em; max-height: 7em; resize: none; field-sizing: content; font: inherit; color: inherit;
  background: var(--paper); border: 1px solid var(--edge); border-radius: var(--radius); padding: .5em .7em;
}
.hint { margin-top: .35em; }
/* Once there are answers they get the room; the label is still read out. */
.talked :is(label, .hint) { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
/* In the corner of the window. */
:host([gon]) .launcher {
  position: fixed; z-index: var(--hnq-layer, 2147483000); right: var(--hnq-corner, 1em); bottom: var(--hnq-corner, 1em);
  border-color: var(--on-button); border-radius: 2em; box-shadow: 0 2px 10px rgb(0 0 0 / .3);
}
:host([gon]) .panel {
  position: fixed; z-index: var(--hnq-layer, 2147483000); right: var(--hnq-corner, 1em); bottom: calc(var(--hnq-corner, 1em) + 3.5em); margin: 0;
  width: min(var(--hnq-width, 26em), 100vw - 2 * var(--hnq-corner, 1em));
  max-height: calc(100vh - 2 * var(--hnq-corner, 1em) - 3.5em); max-height: calc(100dvh - 2 * var(--hnq-corner, 1em) - 3.5em);
  box-shadow: 0 6px 30px rgb(0 0 0 / .3);
}
:host([gon]) .talk { flex: 1; max-height: none; min-height: 6em; }
/* A low window has no room for a part that scrolls within another. */
@media (max-height: 28em) { :host([gon]) .panel { overflow: auto; } :host([gon]) .talk { flex: none; } }
@media (prefers-reduced-motion: no-preference) {
  .talk { scroll-behavior: smooth; }
  @keyframes appear { from { opacity: 0; transform: translateY(.5em); } }
  .panel { animation: appear .15s ease-out; }
}
@media print { .launcher, .close, form, .status { display: none; } :host([gon]) { display: none; } .talk { max-height: none; overflow: visible; } }
`;
  let sheet; // one for all elements of the page

  // make is an element with properties and children; strings become text nodes.
  function make(tag, properties, ...children) {
    const element = document.createElement(tag);
    for (const [key, value] of Object.entries(properties || {})) {
      if (key in element) element[key] = value;
      else element.setAttribute(key, value);
    }
    element.append(...children.filter((child) => child));
    return element;
  }

  const unseen = (text) => make("span", { className: "unseen" }, text);
  const list = (value) => (Array.isArray(value) ? value : []);
  const string = (value) => (typeof value === "string" ? value : "");

  // dated says of what day a document is, as corpus.Document does.
  function dated({ kind, date }) {
    const parts = string(date).split("-");
    if (!parts[0]) return "";
    const spoken = parts.reverse().join("/");
    return kind === "tom-luoc" ? "biên tập ngày " + spoken : parts.length === 3 ? "ngày " + spoken : spoken;
  }

  // web is an address as a link may have it, or nothing.
  function web(address, base) {
    try {
      const url = new URL(string(address), base);
      return address && ["http:", "https:"].includes(url.protocol) ? url.href : "";
    } catch {
      return "";
    }
  }

  class HoiNghiQuyet extends HTMLElement {
    static observedAttributes = ["nhan", "open"];

    // conversation is chance, made for this element and kept by nobody: it ends
    // with the page.
    #conversation = [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
    #asking = false;
    #parts = {};

    constructor() {
      super();
      if (!sheet) (sheet = new CSSStyleSheet()).replaceSync(css);
      const root = this.attachShadow({ mode: "open" });
      root.adoptedStyleSheets = [sheet];
      const p = this.#parts;
      p.launcher = make("button", { type: "button", className: "launcher", "aria-expanded": "false", "aria-controls": "panel" });
      p.title = make("p", { className: "title" });
      p.close = make("button", { type: "button", className: "close", "aria-label": texts.close });
      // The log is there, and empty, before anything is said in it: what is
      // added later is read out, once, when it is whole.
      p.log = make("div", { role: "log", "aria-label": texts.log });
      p.pending = make("p", { className: "exchange question", hidden: true });
      p.talk = make("div", { className: "talk", role: "group", tabIndex: 0, "aria-label": texts.talk },
        make("p", { className: "greeting" }, texts.greeting), p.log, p.pending);
      p.status = make("p", { className: "status", id: "status", role: "status" });
      p.box = make("textarea", { id: "question", rows: 2, maxLength: longest, autocomplete: "off", enterKeyHint: "send", "aria-describedby": "hint status" });
      p.form = make("form", { noValidate: true },
        make("label", { htmlFor: "question" }, texts.label),
        make("div", { className: "entry" }, p.box, make("button", { type: "submit", className: "send" }, texts.ask)),
        make("p", { className: "hint", id: "hint" }, texts.hint));
      p.panel = make("div", { className: "panel", id: "panel", role: "region", hidden: true },
        make("div", { className: "head" }, p.title, p.close), p.talk, p.status, p.form);
      const box = make("div", { className: "box", lang: "vi" }, p.launcher, p.panel);
      root.append(box);
      this.#listen(box);
      this.#name();
    }

    connectedCallback() {
      document.addEventListener("focusin", this.#uncover);
    }

    disconnectedCallback() {
      document.removeEventListener("focusin", this.#uncover);
    }

    attributeChangedCallback(attribute) {
      if (attribute === "nhan") this.#name();
      else this.#show();
    }

    // open says whether the panel is seen; setting it does not move the focus.
    get open() { return this.hasAttribute("open"); }
    set open(value) { this.toggleAttribute("open", Boolean(value)); }

    #name() {
      const { launcher, title, panel } = this.#parts;
      launcher.textContent = title.textContent = this.getAttribute("nhan") || texts.name;
      panel.setAttribute("aria-label", title.textContent);
    }

    #show() {
      this.#parts.panel.hidden = !this.open;
      this.#parts.launcher.setAttribute("aria-expanded", String(this.open));
    }

    #listen(box) {
      const { launcher, close, form, box: input } = this.#parts;
      launcher.addEventListener("click", () => {
        this.open = !this.open;
        if (this.open) input.focus();
      });
      close.addEventListener("click", () => this.#close());
      // Keys typed here are no shortcuts of the page around.
      for (const type of ["keydown", "keypress", "keyup"]) box.addEventListener(type, (event) => event.stopPropagation());
      box.addEventListener("keydown", (event) => {
        if (event.key !== "Escape" || event.isComposing || !this.open) return;
        event.preventDefault();
        this.#close();
      });
      form.addEventListener("submit", (event) => {
        event.preventDefault();
        this.#submit();
      });
      // Enter asks when it would break the line: not while it ends the
      // composition of a Vietnamese letter, nor with Shift.
      let shift = false;
      input.addEventListener("keydown", (event) => { shift = event.shiftKey; });
      input.addEventListener("beforeinput", (event) => {
        if (shift || !["insertLineBreak", "insertParagraph"].includes(event.inputType)) return;
        event.preventDefault();
        this.#submit();
      });
    }

    #close() {
      this.open = false;
      this.#parts.launcher.focus();
    }

    // #uncover gives way when the focus goes to something of the page that the
    // corner covers: it must be seen.
    #uncover = (event) => {
      if (!this.hasAttribute("gon") || event.target === this || !(event.target instanceof Element)) return;
      const under = ({ left, right, top, bottom }) => {
        const it = event.target.getBoundingClientRect();
        return it.left < right && it.right > left && it.top < bottom && it.bottom > top;
      };
      if (this.open && under(this.#parts.panel.getBoundingClientRect())) this.open = false;
      const corner = this.#parts.launcher.getBoundingClientRect();
      if (under(corner)) scrollBy({ top: event.target.getBoundingClientRect().bottom - corner.top + 8 });
    };

    #submit() {
      const { box, status } = this.#parts;
      const question = box.value.trim();
      if (this.#asking) return;
      if (!question) {
        status.textContent = texts.empty;
        box.focus();
        return;
      }
      box.value = "";
      this.#ask(question);
    }

    // #ask shows the question, asks it, and adds both to the log when there is
    // an answer. Whatever else comes gives the question back.
    async #ask(question) {
      const { box, status, pending, talk, panel, log } = this.#parts;
      this.#asking = true;
      status.textContent = texts.waiting;
      pending.textContent = question;
      pending.hidden = false;
      talk.scrollTop = talk.scrollHeight;
      let answer;
      let trouble = texts.broken;
      let api;
      try {
        api = this.#api();
        const response = await fetch(new URL("/api/v1/ask", api), {
          method: "POST",
          headers: { "Content-Type": "application/json" },
          body: JSON.stringify({ question, conversation: this.#conversation }),
          credentials: "omit",
          referrerPolicy: "no-referrer",
          signal: AbortSignal.timeout(patience),
        });
        if (response.ok) answer = this.#exchange(question, await response.json(), api);
        else if (response.status === 422) trouble = texts.unread;
        else if (response.status === 429) trouble = texts.busy(Number(response.headers.get("Retry-After")));
        else if (response.status === 503) trouble = texts.unready;
      } catch {
        answer = undefined; // no connection, no permission, or no answer of ours
        if (api && api.origin !== location.origin) console.warn(`hoi-nghi-quyet: ${api.origin} did not answer this page; is ${location.origin} among the origins in its HOINQ_PORTAL_CLIENTS?`);
      }
      this.#asking = false;
      pending.hidden = true;
      if (!answer) {
        status.textContent = trouble;
        if (!box.value) box.value = question;
        return undefined;
      }
      status.textContent = "";
      log.append(answer);
      panel.classList.add("talked");
      // The answer begins where the reader looks; in a low window it is the
      // panel that scrolls, not the talk.
      talk.scrollTop = answer.offsetTop - 8;
      answer.querySelector(".question").scrollIntoView({ block: "nearest" });
      return answer;
    }

    // #api is the service: where the page says, else where the script is from.
    #api() {
      return new URL(this.getAttribute("api") || script?.src || "/", location.href);
    }

    // #exchange is a question with its answer; it throws when the answer is none
    // of ours, such as a page of a café's network.
    #exchange(question, answer, api) {
      if (!string(answer.text)) throw new TypeError("no answer");
      const lang = answer.language === "en" ? "en" : "vi";
      const heads = around[lang];
      const understood = string(answer.understood_as).trim();
      const nearest = list(answer.nearest);
      const suggestions = list(answer.suggestions);
      return make("div", { className: answer.answered ? "exchange" : "exchange refused" },
        make("p", { className: "question", tabIndex: -1 }, unseen(texts.asked), question),
        understood && understood !== question && make("p", { className: "understood" }, make("span", { lang }, heads.understood), understood),
        make("div", { className: "said", lang }, ...string(answer.text).split("\n").filter(Boolean).map((line) => make("p", null, line))),
        ...list(answer.citations).map((citation, i) => this.#quotation(citation, i + 1, api)),
        nearest.length > 0 && make("div", { className: "nearest", role: "group", "aria-label": heads.nearest },
          make("p", { lang }, heads.nearest), ...nearest.map((citation) => this.#quotation(citation, 0, api))),
        suggestions.length > 0 && make("div", { className: "next", role: "group", "aria-label": heads.next },
          make("p", { lang }, heads.next), ...suggestions.map((suggestion) => this.#suggestion(string(suggestion)))));
    }

    // #quotation is a citation with its place; number 0 for one that is no answer.
    #quotation(citation, number, api) {
      const context = list(citation.context).map(({ quote }) => make("p", null, string(quote)));
      const href = web(citation.url, api);
      const date = dated(citation);
      return make("figure", { className: "quotation" },
        context.length > 0 && make("div", { className: "context" }, unseen(texts.context), ...context),
        make("blockquote", null, make("p", { className: "words" }, string(citation.quote))),
        make("figcaption", null,
          make("p", { className: "place" }, (number ? `[${number}] ` : "") + string(citation.location)),
          make("p", null, string(citation.title) + (date && " · " + date)),
          citation.label && make("p", null, make("span", { className: "badge" }, string(citation.label))),
          href && make("a", { className: "link", href, target: "_blank", rel: "noopener" }, texts.open, unseen(texts.newTab))));
    }

    #suggestion(question) {
      const button = make("button", { type: "button" }, question);
      button.addEventListener("click", async () => {
        if (this.#asking) return;
        const answer = await this.#ask(question);
        // The reader goes on where the new answer begins; who has gone
        // elsewhere meanwhile is left there.
        if (answer && this.shadowRoot.activeElement === button) answer.querySelector(".question").focus({ preventScroll: true });
      });
      return button;
    }
  }

  customElements.define(name, HoiNghiQuyet);
})();
