import { z } from 'zod';
import { fine, misconfigured, type Told } from '../kit/examine.js';
import type { CallContext } from '../../ports/connector.js';
import type { OktaApi } from './api.js';

const ids = z.array(z.string()).catch([]);
export const policy = z.object({
  status: z.string().catch(''),
  conditions: z
    .object({ people: z.object({ groups: z.object({ include: ids }) }) })
    .nullable()
    .catch(null),
});

const WHERE = 'Security | Global Session Policy';

/**
 * Whether an active global session policy names this group: `GET /api/v1/policies?type=OKTA_SIGN_ON`, scope
 * okta.policies.read. Its rules are not read.
 */
export async function policiesNaming(api: OktaApi, group: string, call: CallContext): Promise<Told> {
  const found = await api.list('/api/v1/policies?type=OKTA_SIGN_ON', policy, call);
  if (!found.ok || !found.value.complete)
    return fine(
      `The group is there; that a sign-on policy acts on it could not be read: grant okta.policies.read and name it in okta.scopes, or look under ${WHERE}.`,
    );
  const active = found.value.items.filter(({ status }) => status === 'ACTIVE');
  if (active.some(({ conditions }) => conditions?.people.groups.include.includes(group)))
    return fine('An active sign-on policy is assigned to the group; its rules were not read.');
  return misconfigured(
    'No active sign-on policy is assigned to the group, so being in it does nothing.',
    `Under ${WHERE}, add a policy for the group above all the others, with its rule, and activate it.`,
  );
}
