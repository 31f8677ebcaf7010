// What can be written instead of a message: the same words as on the hub's other doors.

/** @typedef {import("./types.js").Command} Command */

/**
 * What a line means: something to say, commands for the hub, something for one person, or what is wrong with it.
 * @typedef {{ say: string } | { commands: Command[] } | { direct: string, text: string } | { problem: string }} Meaning
 */

export const HELP = "/join ROOM, /leave, /msg NAME TEXT, /name NAME, /away WHY, /back; // begins a message with a slash.";

/**
 * @param {string} line
 * @param {string | null} room The room that is shown.
 * @returns {Meaning}
 */
export function meaningOf(line, room) {
  if (!line.startsWith("/") || line.includes("\n")) return { say: line };
  if (line.startsWith("//")) return { say: line.slice(1) };
  const [, word, rest] = /^\/(\S*)\s*(.*)$/.exec(line) ?? ["", "", ""];
  switch (word.toLowerCase()) {
    case "join":
      return rest ? { commands: [{ type: "join", room: rest }] } : { problem: "Which room? /join ROOM" };
    case "leave": {
      const left = rest || room;
      return left ? { commands: [{ type: "leave", room: left }] } : { problem: "Which room? /leave ROOM" };
    }
    case "msg": {
      const [, to, text] = /^(\S+)\s*(.*)$/.exec(rest) ?? ["", "", ""];
      if (!to) return { problem: "To whom? /msg NAME TEXT" };
      return { direct: to, text };
    }
    case "name":
      return rest ? { commands: [{ type: "name", name: rest }] } : { problem: "Which name? /name NAME" };
    case "away":
      return { commands: [{ type: "away", why: rest }] };
    case "back":
      return { commands: [{ type: "away", why: null }] };
    case "help":
      return { problem: HELP };
    default:
      return { problem: `There is no /${word}. ${HELP}` };
  }
}
