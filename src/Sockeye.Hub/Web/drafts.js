// Where one was, and what was written and is not with the hub yet, outlive a reload of the page: nothing is typed twice.

/** @typedef {import("./state.js").State} State */

const PLACE = "sockeye.drafts";

/** @typedef {{ member: number, current: number | null, conversations: { id: number, draft: string, pending: { key: string, text: string }[] }[] }} Kept */

/** @param {State} state */
export function keepDrafts(state) {
  if (!state.me) return;
  const conversations = [...state.conversations.values()]
    .filter(c => c.draft || c.pending.length)
    .map(c => ({ id: c.id, draft: c.draft, pending: c.pending.map(({ key, text }) => ({ key, text })) }));
  try {
    sessionStorage.setItem(PLACE, JSON.stringify({ member: state.me.id, current: state.current, conversations }));
  } catch {
    // No storage here, or no more of it: then they live as long as the page.
  }
}

/** Takes back what the page before this one kept. @param {State} state */
export function takeDrafts(state) {
  /** @type {Kept | null} */
  let kept = null;
  try {
    kept = JSON.parse(sessionStorage.getItem(PLACE) ?? "null");
  } catch {
    // As if there was nothing.
  }
  if (!kept || kept.member !== state.me?.id) return;
  if (kept.current !== null && state.conversations.has(kept.current)) state.current = kept.current;
  for (const { id, draft, pending } of kept.conversations) {
    const conversation = state.conversations.get(id);
    if (!conversation) continue;
    conversation.draft ||= draft;
    for (const { key, text } of pending) {
      if (!conversation.pending.some(p => p.key === key)) conversation.pending.push({ key, text, problem: null, sentAt: 0 });
    }
  }
}
