// How figures and bytes are written.

/** @param {number} bytes */
export function size(bytes) {
  if (bytes < 1000) return `${bytes} B`;
  const units = ["kB", "MB", "GB", "TB"];
  let value = bytes / 1000;
  let unit = 0;
  while (value >= 999.5 && unit < units.length - 1) { value /= 1000; unit++; }
  return `${value < 9.95 ? value.toFixed(1) : value.toFixed(0)} ${units[unit]}`;
}

/** A stretch of time. @param {number} ms */
export function span(ms) {
  if (ms < 0.9995) return `${Math.round(ms * 1000)} µs`;
  if (ms < 9.995) return `${ms.toFixed(2)} ms`;
  if (ms < 99.95) return `${ms.toFixed(1)} ms`;
  if (ms < 999.5) return `${ms.toFixed(0)} ms`;
  const s = ms / 1000;
  if (s < 59.95) return `${s < 9.995 ? s.toFixed(2) : s.toFixed(1)} s`;
  if (s < 3600) return `${Math.floor(s / 60)} min ${String(Math.floor(s % 60)).padStart(2, "0")} s`;
  return `${Math.floor(s / 3600)} h ${String(Math.floor(s / 60 % 60)).padStart(2, "0")} min`;
}

/** How old something is, in whole seconds. @param {number} ms */
export function age(ms) {
  const s = Math.max(0, Math.floor(ms / 1000));
  if (s < 60) return `${s} s`;
  if (s < 3600) return `${Math.floor(s / 60)}:${String(s % 60).padStart(2, "0")}`;
  return `${Math.floor(s / 3600)}:${String(Math.floor(s / 60) % 60).padStart(2, "0")}:${String(s % 60).padStart(2, "0")}`;
}

/** Since the conversation began. @param {number} ms */
export function moment(ms) {
  if (ms < 10_000) return `${(ms / 1000).toFixed(4)}`;
  return `${(ms / 1000).toFixed(3)}`;
}

/** @param {string | undefined} base64 @returns {Uint8Array} */
export function bytesOf(base64) {
  const binary = atob(base64 ?? "");
  const bytes = new Uint8Array(binary.length);
  for (let i = 0; i < binary.length; i++) bytes[i] = binary.charCodeAt(i);
  return bytes;
}

const decoder = new TextDecoder("utf-8", { fatal: false });

/** Bytes as text in one line: line ends and other invisible bytes as signs. @param {Uint8Array} bytes */
export function line(bytes) {
  return decoder.decode(bytes).replace(/\r\n/g, "↵").replace(/\n/g, "↵").replace(/\r/g, "␍").replace(/\t/g, "→").replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, "·").replace(/\uFFFD/g, "·");
}

/** Bytes as text with its lines. @param {Uint8Array} bytes */
export function lines(bytes) {
  return decoder.decode(bytes).replace(/\r\n/g, "↵\n").replace(/(?<!↵)\n/g, "↵\n").replace(/\r/g, "␍").replace(/[^\P{Cc}\n\t]|[\p{Cf}\p{Zl}\p{Zp}]|\uFFFD/gu, "·");
}

/** Visible characters, line ends and tabs that stand together; shorter runs there are in noise too. */
const RUNS = /(?:[^\p{Cc}\uFFFD]|[\t\n\r]){4,}/gu;

/** Whether it is better read as text: all of it is some, or a third of it stands together in words, as in protocols of binary heads and text. @param {Uint8Array} bytes */
export function isText(bytes) {
  const text = decoder.decode(bytes);
  if (!/\uFFFD|[^\P{Cc}\t\n\r]/u.test(text)) return true;
  let length = 0;
  for (const [run] of text.matchAll(RUNS)) length += run.length;
  return length * 3 >= text.length;
}

/** Pairs of hexadecimal digits. @param {Uint8Array} bytes */
export function hex(bytes) { return Array.from(bytes, value => value.toString(16).padStart(2, "0")).join(" "); }

/** The usual dump: offset, 16 bytes, ASCII. @param {Uint8Array} bytes @param {number} offset Of the first byte in its stream. */
export function dump(bytes, offset) {
  const rows = [];
  for (let at = 0; at < bytes.length; at += 16) {
    const row = bytes.subarray(at, at + 16);
    const first = hex(row.subarray(0, 8)).padEnd(23);
    const second = hex(row.subarray(8)).padEnd(23);
    const ascii = Array.from(row, value => value >= 32 && value < 127 ? String.fromCharCode(value) : "·").join("");
    rows.push(`${(offset + at).toString(16).padStart(8, "0")}  ${first}  ${second}  ${ascii}`);
  }
  return rows.join("\n");
}
