// What can be written instead of a message: the same words as on the hub's other doors.

/** @typedef {import("./types.js").Command} Command */
/** @typedef {"people" | "everybody" | "rooms" | "earlier" | "profile" | "quit"} Action Something that the page does itself. */

/**
 * What a line means: something to say, a command for the hub, something for one person, something that the page shows or does, or what is wrong with it.
 * @typedef {{ say: string } | { command: Command } | { direct: string, text: string } | { action: Action } | { problem: string }} Meaning
 */

export const HELP = "/join ROOM, /leave [ROOM], /rooms, /who [*], /msg NAME TEXT, /history, /name NAME, /away [WHY], /back, /password, /quit; // begins a message with a slash.";

/**
 * @param {string} line
 * @param {string | null} room The room that is shown.
 * @param {boolean} isAway
 * @returns {Meaning}
 */
export function meaningOf(line, room, isAway) {
  if (!line.startsWith("/") || line.includes("\n")) return { say: line };
  if (line.startsWith("//")) return { say: line.slice(1) };
  const [, word, rest] = /^\/(\S*)\s*(.*)$/.exec(line) ?? ["", "", ""];
  switch (word.toLowerCase()) {
    case "join":
      return rest ? { command: { type: "join", room: rest } } : { problem: "Which room? /join ROOM" };
    case "leave": {
      const left = rest || room;
      return left ? { command: { type: "leave", room: left } } : { problem: "Which room? /leave ROOM" };
    }
    case "rooms":
      return { action: "rooms" };
    case "who":
      return { action: rest === "*" || room === null ? "everybody" : "people" };
    case "msg": {
      const [, to, text] = /^(\S+)\s*(.*)$/.exec(rest) ?? ["", "", ""];
      return to ? { direct: to, text } : { problem: "To whom? /msg NAME TEXT" };
    }
    case "history":
      return { action: "earlier" };
    case "name":
      return rest ? { command: { type: "name", name: rest } } : { problem: "Which name? /name NAME" };
    case "away":
      return { command: { type: "away", why: rest || !isAway ? rest : null } };
    case "back":
      return { command: { type: "away", why: null } };
    case "password":
      // What is typed here can be read over one's shoulder.
      return rest ? { problem: "Not here, where it can be read: /password alone asks for it." } : { action: "profile" };
    case "owner":
      return rest ? { command: { type: "claim", secret: rest } } : { problem: "With the secret that the hub printed: /owner SECRET" };
    case "quit":
      return { action: "quit" };
    case "help":
      return { problem: HELP };
    default:
      return { problem: `There is no /${word}. ${HELP}` };
  }
}
