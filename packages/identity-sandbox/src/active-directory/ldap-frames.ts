/** The operations of LDAP that a fault can be aimed at, by their tags (RFC 4511, appendix B). */
export const OPERATION = { bind: 0x60, search: 0x63, modify: 0x66 } as const;
export type Operation = keyof typeof OPERATION;

const ANSWER = { bind: 0x61, search: 0x65, modify: 0x67 } as const;

/** One whole message as it went over the wire. */
export interface Frame {
  readonly bytes: Buffer;
  readonly id: number;
  readonly operation: Operation | null;
}

interface Length {
  readonly value: number;
  /** Where the contents begin. */
  readonly next: number;
}

/** A BER length: one byte, or 0x80 + n followed by n bytes. `null` when more bytes are needed. */
function lengthAt(bytes: Buffer, at: number): Length | null {
  const first = bytes[at];
  if (first === undefined) return null;
  if (first < 0x80) return { value: first, next: at + 1 };
  const count = first & 0x7f;
  if (count === 0 || count > 4 || bytes.length < at + 1 + count) return null;
  return { value: bytes.readUIntBE(at + 1, count), next: at + 1 + count };
}

/** Takes the first whole message off the bytes; `null` when it has not arrived completely. */
export function takeFrame(bytes: Buffer): { readonly frame: Frame; readonly rest: Buffer } | null {
  const outer = lengthAt(bytes, 1);
  if (outer === null || bytes.length < outer.next + outer.value) return null;
  const end = outer.next + outer.value;
  const idLength = bytes[outer.next + 1] ?? 1;
  const idAt = outer.next + 2;
  const tag = bytes[idAt + idLength];
  const found = Object.entries(OPERATION).find(([, value]) => value === tag)?.[0];
  const operation = found === 'bind' || found === 'search' || found === 'modify' ? found : null;
  return {
    frame: { bytes: bytes.subarray(0, end), id: bytes.readUIntBE(idAt, idLength), operation },
    rest: bytes.subarray(end),
  };
}

/** An answer to the message with this result code and text (both short). */
export function answer(frame: Frame, code: number, text: string): Buffer {
  const wrap = (tag: number, ...contents: Buffer[]): Buffer => {
    const body = Buffer.concat(contents);
    return Buffer.concat([Buffer.from([tag, 0x82, body.length >> 8, body.length & 0xff]), body]);
  };
  const id = Buffer.alloc(4);
  id.writeInt32BE(frame.id);
  const result = [Buffer.from([0x0a, 1, code]), Buffer.from([0x04, 0]), wrap(0x04, Buffer.from(text))];
  return wrap(0x30, Buffer.from([0x02, 4]), id, wrap(ANSWER[frame.operation ?? 'modify'], ...result));
}
