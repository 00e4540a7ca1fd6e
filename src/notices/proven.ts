import type { Proof } from '../incidents/proof.js';
import { canonicalHash, canonicalJson, type JsonObject } from '../platform/canonical.js';
import type { Core } from '../ports/core.js';
import type { Notice } from './notice.js';

const PURPOSE = 'proven_claim';

type Facts = Pick<Notice, 'id' | 'system' | 'kind' | 'login' | 'actor' | 'ip' | 'occurred_at' | 'person_id'>;

/** What a window about a notice shows, and whose it is. */
const factsOf = ({ id, system, kind, login, actor, ip, occurred_at: at, person_id: person }: Facts): JsonObject => ({
  ...{ notice: id, system, kind, login, actor, ip, person },
  at: at.toISOString(),
});

/** Of exactly these facts: a proof over others is refused. */
export const shownOf = (notice: Facts): string => canonicalHash(factsOf(notice));

type Terms = Facts & { readonly proven_with: Proof['kind'] };

const termsOf = ({ workspaceId }: Pick<Core, 'workspaceId'>, notice: Terms): string =>
  canonicalJson({ workspace: workspaceId, ...factsOf(notice), answer: 'me', proof: notice.proven_with });

/** Over what was proven and with what: what is written into the row beside it proves nothing. */
export const tagOf = (core: Pick<Core, 'workspaceId' | 'sealer'>, notice: Terms): string =>
  core.sealer.authenticate(termsOf(core, notice), PURPOSE);

/** What a claim was proven with; `null`: with nothing, or somebody else wrote the row. */
export function provenWith(
  core: Pick<Core, 'workspaceId' | 'sealer'>,
  notice: Facts & Pick<Notice, 'answer' | 'proven_with' | 'proven_tag'>,
): Notice['proven_with'] {
  const { answer, proven_with: proof, proven_tag: tag } = notice;
  if (answer !== 'me' || proof === null || tag === null) return null;
  return core.sealer.isAuthentic(tag, termsOf(core, { ...notice, proven_with: proof }), PURPOSE) ? proof : null;
}
