import { canonicalHash, canonicalJson, type JsonObject, type JsonValue } from '../platform/canonical.js';

/** The predecessor's hash in the first entry of a chain. */
export const GENESIS_HASH = '0'.repeat(64);

export interface Actor {
  readonly kind: 'person' | 'system';
  /** The Slack user id of a person; for the system, the name of the part (`jobs`, `mimecast`). */
  readonly id: string;
  readonly name?: string | null;
}

/** Its origin: all that the edge knows. */
export interface From {
  /** For example `slack.button`, `slack.dm`, `web.report`, `cli`, `job`. */
  readonly surface?: string | null;
  readonly channel?: string | null;
  readonly ip?: string | null;
}

/** One thing that happened, before it has its place in the chain. No field ever contains a secret. */
export interface NewEntry {
  readonly workspaceId: string;
  readonly incidentId: string;
  readonly actor: Actor;
  /** Dotted, e.g. `incident.opened`, `step.verified`. */
  readonly action: string;
  readonly why?: string | null;
  readonly from?: From;
  readonly correlationId?: string | null;
  readonly detail?: JsonObject;
}

/** An entry in its place. The field names are those that are hashed and exported. */
export interface Entry {
  readonly workspace_id: string;
  readonly incident_id: string;
  /** 1 for the first entry of the incident. */
  readonly seq: number;
  /** ISO 8601 in UTC with milliseconds. */
  readonly at: string;
  readonly actor: { readonly kind: 'person' | 'system'; readonly id: string; readonly name: string | null };
  readonly action: string;
  readonly why: string | null;
  readonly from: { readonly surface: string | null; readonly channel: string | null; readonly ip: string | null };
  readonly correlation_id: string | null;
  readonly detail: JsonObject;
  readonly prev_hash: string;
  /** SHA-256 hex over the RFC 8785 form of all the fields above. */
  readonly hash: string;
}

/** Where an entry goes, and when. */
export interface Place {
  readonly seq: number;
  readonly at: Date;
  readonly prevHash: string;
}

/** Puts an entry in its place and hashes it. Text that Postgres cannot store (U+0000, lone surrogates) becomes U+FFFD. */
export function chainEntry(entry: NewEntry, place: Place): Entry {
  const { actor, from } = entry;
  const unhashed = {
    workspace_id: storable(entry.workspaceId),
    incident_id: storable(entry.incidentId),
    seq: place.seq,
    at: place.at.toISOString(),
    actor: { kind: actor.kind, id: storable(actor.id), name: orNull(actor.name) },
    action: storable(entry.action),
    why: orNull(entry.why),
    from: { surface: orNull(from?.surface), channel: orNull(from?.channel), ip: orNull(from?.ip) },
    correlation_id: orNull(entry.correlationId),
    detail: storableObject(entry.detail ?? {}),
    prev_hash: place.prevHash,
  };
  return { ...unhashed, hash: canonicalHash(unhashed) };
}

/** Whether the entry's own fields give its hash: false when any of them was changed. */
export function isIntact(entry: Entry): boolean {
  const { hash, ...unhashed } = entry;
  return canonicalHash(unhashed) === hash;
}

/** The text of the `detail` column. */
export function detailText(entry: Entry): string {
  return canonicalJson(entry.detail);
}

function orNull(text: string | null | undefined): string | null {
  return text === null || text === undefined ? null : storable(text);
}

/** Postgres text holds neither U+0000 nor half a surrogate pair. */
function storable(text: string): string {
  return text.replace(/\0|\p{Surrogate}/gu, '\uFFFD');
}

function storableObject(object: JsonObject): JsonObject {
  const pairs = Object.entries(object).map(([key, value]) => [storable(key), storableJson(value)] as const);
  return Object.fromEntries(pairs);
}

function storableJson(value: JsonValue): JsonValue {
  if (typeof value === 'string') return storable(value);
  if (value === null || typeof value !== 'object') return value;
  return isList(value) ? value.map(storableJson) : storableObject(value);
}

/** `Array.isArray` does not narrow read-only arrays. */
function isList(value: readonly JsonValue[] | JsonObject): value is readonly JsonValue[] {
  return Array.isArray(value);
}
