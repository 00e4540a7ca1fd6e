import { z } from 'zod';
import type { CallContext } from '../../ports/connector.js';
import { allOf } from '../kit/answers.js';
import { fine, misconfigured, toldOf, untold, type Probe, type Told } from '../kit/examine.js';
import { NAMED_LOCATIONS } from './locations.js';
import { fix, PERMISSION } from './permissions.js';
import { listPolicies } from './policies.js';
import { MOST_LOCATIONS, MOST_POLICIES } from './range-rule.js';
import type { Reader } from './reader.js';

export const securityDefaults = z.object({ isEnabled: z.boolean().nullable().catch(null) });

/** Whether a policy could be made: nothing is made to find out. */
async function judge(reader: Reader, call: CallContext): Promise<Told> {
  const { api } = reader;
  const needs = [PERMISSION.readPolicies];
  const path = '/v1.0/policies/identitySecurityDefaultsEnforcementPolicy';
  const read = await allOf([
    api.get(securityDefaults, 'the security defaults', { path, needs, call }),
    listPolicies(reader, call),
    api.list(z.unknown(), { path: `${NAMED_LOCATIONS}?$top=100`, needs, call }),
  ]);
  if (!read.ok) return toldOf(read.error, fix(read.error));
  const [{ isEnabled }, { items: policies }, { items: locations }] = read.value;
  const counted = `${policies.length} of ${MOST_POLICIES} policies and ${locations.length} of ${MOST_LOCATIONS} named locations are taken`;
  if (isEnabled === true)
    return misconfigured(
      'Security defaults are on: Entra ID takes no Conditional Access policy beside them, so no rule can be made.',
      'Let an administrator decide about them (Identity | Overview | Properties | Manage security defaults), or leave login_ranges at groups.',
    );
  if (policies.length >= MOST_POLICIES || locations.length >= MOST_LOCATIONS)
    return misconfigured(
      `There is no room for a rule: ${counted}.`,
      'Delete what is not needed, or use prepared groups (login_ranges: groups).',
    );
  if (isEnabled === null)
    return untold(
      `Whether security defaults are on cannot be read; ${counted}.`,
      'Look at Identity | Overview | Properties | Manage security defaults in the Entra admin center.',
    );
  return fine(`A named location and a policy can be made for an account: ${counted}.`);
}

export const ruleProbe = (reader: Reader, call: CallContext): Probe => ({
  name: 'room for limit_login_ips',
  subjects: ['limit_login_ips'],
  ask: () => judge(reader, call),
});
