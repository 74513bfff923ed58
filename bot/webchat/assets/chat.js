// Asks without leaving the page. Without this file the forms do the same by
// themselves, one page for each question.
"use strict";
(() => {
  const fragmentType = "text/vnd.hoinq.fragment+html";
  const form = document.getElementById("hoi");
  const box = document.getElementById("cau-hoi");
  const exchanges = document.getElementById("hoi-dap");
  const announcer = document.getElementById("thong-bao");
  const texts = {
    busy: "Anh/chị hỏi hơi nhanh, xin chờ ít phút rồi thử lại.",
    broken: "Chưa gửi được câu hỏi. Xin anh/chị kiểm tra đường truyền rồi bấm Hỏi để thử lại; câu hỏi vẫn còn trong ô bên dưới.",
    copied: "Đã sao chép",
  };
  let asking = false;

  // pending shows the question before anything is sent.
  function pending(question) {
    const shown = document.getElementById("dang-tim").content.firstElementChild.cloneNode(true);
    shown.querySelector(".question").textContent = question;
    exchanges.append(shown);
    const starters = document.getElementById("goi-y");
    if (starters) starters.hidden = true;
    announcer.textContent = ""; // so that the same words are announced again
    shown.scrollIntoView();
    return shown;
  }

  // answered puts what the server says in place of what was pending.
  function answered(shown, html) {
    const holder = document.createElement("template");
    holder.innerHTML = html;
    const exchange = holder.content.querySelector(".exchange");
    shown.replaceWith(exchange);
    prepare(exchange);
    return exchange;
  }

  // failed says what is amiss, and gives the question back to be sent again.
  function failed(shown, question, text) {
    shown.classList.remove("pending");
    const line = shown.querySelector(".waiting");
    line.className = "notice";
    line.textContent = text;
    if (!box.value) box.value = question;
    grow();
    return shown;
  }

  async function ask(question, fields, typed) {
    asking = true;
    let shown = pending(question);
    if (typed) {
      box.value = "";
      grow();
    }
    try {
      const response = await fetch(form.action, { method: "POST", headers: { Accept: fragmentType }, body: fields });
      const type = response.headers.get("Content-Type") || "";
      if (type.startsWith(fragmentType)) {
        shown = answered(shown, await response.text());
        if (!response.ok && !box.value) box.value = question;
      } else {
        failed(shown, question, response.status === 429 ? texts.busy : texts.broken);
      }
    } catch {
      failed(shown, question, texts.broken);
    }
    asking = false;
    shown.scrollIntoView();
    // A pressed button may be gone by now; who types goes on typing.
    if (!typed) shown.querySelector(".question").focus({ preventScroll: true });
    const said = shown.querySelector(".said, .notice").textContent.trim();
    const quotes = shown.querySelectorAll(".answer > .quotation").length;
    announcer.textContent = said + (quotes ? ` Có ${quotes} đoạn trích.` : "");
  }

  // grow fits the box to what is typed; the style sheet sets its limits.
  function grow() {
    box.style.height = "auto";
    box.style.height = `${box.scrollHeight + 2}px`;
  }

  function prepare(root) {
    if (!navigator.clipboard) return;
    for (const button of root.querySelectorAll(".copy")) button.hidden = false;
  }

  document.addEventListener("submit", (event) => {
    const from = event.target;
    if (from.method !== "post") return;
    event.preventDefault();
    const fields = new URLSearchParams(new FormData(from, event.submitter));
    const question = (fields.get("cau_hoi") || "").trim();
    if (question && !asking) ask(question, fields, from === form);
    if (!question) box.focus();
  });

  box.addEventListener("input", grow);
  // Enter asks when it would break the line: not while it ends the composition
  // of a Vietnamese letter, nor with Shift.
  let shift = false;
  box.addEventListener("keydown", (event) => { shift = event.shiftKey; });
  box.addEventListener("beforeinput", (event) => {
    if (shift || !["insertLineBreak", "insertParagraph"].includes(event.inputType)) return;
    event.preventDefault();
    form.requestSubmit();
  });

  document.addEventListener("click", async (event) => {
    const button = event.target.closest(".copy");
    if (!button) return;
    const link = button.closest("figure").querySelector("a").href;
    try {
      await navigator.clipboard.writeText(button.dataset.copy + "\n" + link);
      button.textContent = announcer.textContent = texts.copied;
    } catch {
      button.hidden = true; // the browser does not allow it
    }
  });

  prepare(document);
})();
