// What the page and its hub tell each other; docs/hub-web.md says it in words. Types only: nothing here runs.

/**
 * @typedef {{ id: number, name: string, owner?: boolean, password?: boolean }} Member
 * @typedef {{ id: number, room?: string, first?: Member, second?: Member }} ConversationName
 * @typedef {{ conversation: ConversationName, last: number, read: number }} View
 * @typedef {{ conversation: ConversationName, number: number, author: Member, text: string, at: string }} Message
 * @typedef {{ id: number, name: string, away: string | null }} Person
 * @typedef {{ room?: number, count: number, some: Person[] }} People
 * @typedef {{ id: string, door: string, who: string | null, from: string, layer: string | null, seconds: number, received: number, sent: number, roundTrip: number | null, state: import("./shared/states.js").State, queue: number, queueBytes: number, own: boolean, page: boolean }} Wire
 * @typedef {{ at: number, kind: string, bytes: number, text?: string, hidden?: boolean }} WireEvent
 *
 * @typedef {{ type: "hello", version: number, messageBytesMax: number, nameCharactersMax: number, historyMessagesMax: number, awayCharactersMax: number, passwordCharactersMin: number, passwordCharactersMax: number }
 *   | { type: "named", me: Member, conversations: View[] }
 *   | ({ type: "message" } & Message)
 *   | ({ type: "accepted", key: string | null, repeated: boolean } & Message)
 *   | { type: "refused", code: string, text: string, key?: string | null, tag?: string | null }
 *   | { type: "joined", room: View, people: People }
 *   | { type: "left", room: number }
 *   | { type: "entered", room: number, who: Member }
 *   | { type: "departed", room: number, who: Member }
 *   | { type: "changed", who: Member, away: string | null, formerName: string | null }
 *   | { type: "partner", who: Member, here: boolean, away: string | null }
 *   | { type: "read", conversation: number, number: number }
 *   | { type: "typing", conversation?: number, who: Member }
 *   | { type: "rooms", rooms: { id: number, room: string, people: number }[] }
 *   | { type: "people", people: People }
 *   | { type: "history", conversation: number, more: boolean, tag: string | null, messages: Message[] }
 *   | { type: "direct", with: View }
 *   | { type: "password", set: boolean }
 *   | { type: "owner", me: Member }
 *   | { type: "renamed", me: Member }
 *   | { type: "behind" }
 *   | { type: "closing", why: string }
 *   | { type: "wires", count: number, wires: Wire[] }
 *   | { type: "wire", wire: string, notShown: number, first?: number, seconds?: number, key?: string, gone?: boolean, events: WireEvent[] }} HubEvent
 *
 * @typedef {{ type: string, [field: string]: unknown }} Command
 */

export {};
