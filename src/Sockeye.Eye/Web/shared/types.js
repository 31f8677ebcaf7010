// What the sequence diagram draws, and what is asked about a conversation. Types only: nothing is here when it runs.

/**
 * A conversation of two.
 * @typedef {object} Talk
 * @property {number | string} id
 * @property {"stream" | "dgram" | "seqpacket"} type
 * @property {string | null} client
 * @property {boolean} relayed
 * @property {boolean} bothSides Whether bytes are told of both where they came in and where they went out.
 * @property {number} startedAt ms
 * @property {number} [endedAt]
 */

/** @typedef {"opened" | "watched" | "connecting" | "connected" | "handshaking" | "handshaken" | "data" | "encrypted" | "frame" | "taken" | "ended" | "reset" | "faulted" | "error" | "closed" | "finished" | "lost"} EventKind */

/**
 * Something that happened in it. What it said is `preview`, or `said` where there is text alone.
 * @typedef {object} WireEvent
 * @property {number} index
 * @property {number} at ms, as `startedAt` of its conversation
 * @property {EventKind} kind
 * @property {boolean} fromClient
 * @property {boolean} atSource
 * @property {boolean} [repeat]
 * @property {number} [offset]
 * @property {number} [length]
 * @property {string} [preview] The first bytes, in base64.
 * @property {string} [said] What is shown of it, as it is to be written.
 * @property {boolean} [hidden] There is something that is not shown.
 * @property {number} [masked]
 * @property {number} [unmasked] How many bytes a WebSocket's client had XORed.
 * @property {number} [duration]
 * @property {string} [text]
 */

/** @typedef {{ offset: number, length: number, preview: string }} Frame */
/** @typedef {{ codec: string, start: number, fromBeginning: boolean, frames: Frame[], error: string | null }} Frames */
/** @typedef {{ start: number, width: number, up: number[], down: number[], onTheWay: number[], clientRtt: (number | null)[], serverRtt: (number | null)[] }} Plot */

export {};
