// What the page's address answers (docs/eye-web.md). Types only: nothing is here when it runs.

/** @typedef {import("./shared/types.js").WireEvent} WireEvent */

/**
 * @typedef {object} ConversationFacts
 * @property {number} id
 * @property {string | null} door
 * @property {string | null} server
 * @property {string | null} layer
 * @property {import("./shared/states.js").State} state
 * @property {number} up Bytes from the client.
 * @property {number} down
 * @property {number} [clientRtt] ms
 * @property {number} [serverRtt]
 * @property {number} [retransmits]
 * @property {number} firstEvent The oldest that is kept.
 * @property {number} events
 * @property {number} rateSecond The second of the last of `rate`.
 * @property {number[]} rate Bytes in each of the last seconds.
 */

/** @typedef {import("./shared/types.js").Talk & ConversationFacts} Conversation All times in it are ms since the recorder began. */

/**
 * @typedef {object} ConversationsMessage
 * @property {"conversations"} type
 * @property {number} now
 * @property {number} dropped
 * @property {number} forgotten
 * @property {Conversation[]} conversations
 * @property {number[]} gone
 */

/**
 * @typedef {object} EventsMessage
 * @property {"events"} type
 * @property {number} conversation
 * @property {number} leftOut
 * @property {number} next
 * @property {number} count
 * @property {WireEvent[]} events
 */


export {};
