// What htmx leaves open: the pages work without any of this.
(() => {
  "use strict";

  const form = () => document.getElementById("need-form");

  // A button with an address of its own (the language switch) sends the form as a whole page.
  document.addEventListener("submit", (event) => {
    if (event.submitter?.hasAttribute("formaction")) event.stopPropagation();
  }, true);

  // Faults of the last attempt do not stand beside a new answer.
  document.addEventListener("htmx:before:request", () => {
    form()?.querySelectorAll(".fault").forEach((fault) => fault.remove());
    form()?.querySelectorAll("[aria-invalid]").forEach((field) => field.removeAttribute("aria-invalid"));
  });

  // The reader is taken to what is new: the answer, or the first field at fault.
  document.addEventListener("htmx:after:swap", () => {
    const place = form()?.querySelector("[aria-invalid=true]") ?? document.getElementById("read-title");
    place?.focus({ preventScroll: true });
    place?.scrollIntoView({ block: place.id === "read-title" ? "start" : "center" });
  });

  // No answer, or none that is a page: the text stays, and the reader is told.
  const tell = () => {
    const result = document.getElementById("result");
    if (!result) return;
    const notice = document.createElement("p");
    notice.className = "notice";
    notice.textContent = result.dataset.failed;
    notice.setAttribute("role", "alert");
    result.replaceChildren(notice);
  };
  document.addEventListener("htmx:error", tell);
  document.addEventListener("htmx:before:response", (event) => {
    const kind = event.detail.ctx.response.headers.get("content-type") ?? "";
    if (kind.startsWith("text/html")) return;
    event.preventDefault();
    tell();
  });
})();
