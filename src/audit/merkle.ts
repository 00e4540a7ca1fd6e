import { createHash } from 'node:crypto';

const LEAF = Buffer.of(0);
const NODE = Buffer.of(1);

const sha256 = (...parts: readonly Uint8Array[]): Buffer =>
  parts.reduce((hash, part) => hash.update(part), createHash('sha256')).digest();

/** The Merkle tree of RFC 6962, section 2.1, as it grows: it keeps one hash for each whole subtree. */
export class MerkleTree {
  readonly #subtrees: { readonly leaves: number; readonly hash: Buffer }[] = [];
  #size = 0;

  get size(): number {
    return this.#size;
  }

  append(leaf: Uint8Array): void {
    let [leaves, hash] = [1, sha256(LEAF, leaf)];
    for (let left = this.#subtrees.at(-1); left?.leaves === leaves; left = this.#subtrees.at(-1)) {
      this.#subtrees.pop();
      [leaves, hash] = [leaves * 2, sha256(NODE, left.hash, hash)];
    }
    this.#subtrees.push({ leaves, hash });
    this.#size += 1;
  }

  /** The root over all leaves so far, in base64 (RFC 4648, section 4). */
  root(): string {
    const [last, ...before] = this.#subtrees.map(({ hash }) => hash).toReversed();
    const root = last === undefined ? sha256() : before.reduce((right, left) => sha256(NODE, left, right), last);
    return root.toString('base64');
  }
}
