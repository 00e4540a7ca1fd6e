/** More statements than this would mean that the program generates them; those are sent unnamed. */
const MOST = 500;

const READS = /^\s*select\b/i;
/** A read that takes locks may have to wait for another transaction. */
const LOCKS = /\bfor\s+(?:no\s+key\s+)?(?:update|share|key\s+share)\b/i;

export interface Statement {
  readonly text: string;
  /** Under this name a connection keeps the statement parsed and planned. */
  readonly name?: string;
  /** Changes nothing and waits for nobody. */
  readonly reads: boolean;
}

/** Recognises the program's statements by their texts, which are constants. */
export class Statements {
  readonly #known = new Map<string, Statement>();

  of(text: string): Statement {
    const known = this.#known.get(text);
    if (known) return known;
    const reads = READS.test(text) && !LOCKS.test(text);
    if (this.#known.size >= MOST) return { text, reads };
    const statement = { text, name: `notme_${String(this.#known.size + 1)}`, reads };
    this.#known.set(text, statement);
    return statement;
  }
}
