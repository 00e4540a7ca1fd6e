import { z } from 'zod';
import { secretSetting } from '../../platform/secret.js';
import { baseUrl } from '../http/base-url.js';
import { readPrivateKey } from './private-key.js';
import { rangeSetting } from '../kit/ranges.js';
import { deadlineMs, list, orNull } from '../kit/settings.js';

const name = z.string().min(1);

/** Okta's API answers under the org's own address only; the console of administrators has one beside it. */
const ADMIN_CONSOLE = /^https:\/\/[^/]+-admin\.(okta|oktapreview|okta-emea|okta-gov|okta\.mil)\b/i;
const OF_ADMIN_CONSOLE = 'is the address of the admin console; leave -admin out, e.g. https://example.okta.com.';

/** A group that an administrator prepared with a sign-on policy, and the login ranges that the policy permits. */
const rangeGroup = z.strictObject({ group: name, ranges: z.array(rangeSetting).min(1) });

/** What the Okta connector needs to know; keys as in the configuration file. */
export const oktaSettings = z
  .strictObject({
    base_url: baseUrl
      .refine((url) => !ADMIN_CONSOLE.test(url), { error: OF_ADMIN_CONSOLE })
      .describe("the org's own address, https://example.okta.com, not the one that ends in -admin"),
    /** An API token (SSWS); its rights are those of the administrator who created it. */
    api_token: secretSetting.nullable().default(null),
    client_id: orNull(name, 'the client id of a service app (private_key_jwt), the better way: its rights are its own'),
    /** PEM (PKCS#8) or JWK in JSON; RSA or EC P-256. */
    private_key: secretSetting.nullable().default(null),
    key_id: orNull(name, 'the kid of the key in the app; needed when the app has several keys and the key is a PEM'),
    scopes: orNull(
      z.array(z.string().regex(/^okta\.[A-Za-z.]+$/, 'is no scope of Okta; write it like okta.users.read.')).min(1),
      'a list of the scopes to ask for; left out, all that Notme can use are asked for, and what was granted is taken',
    ),
    two_step_group: orNull(name, 'the name of the group whose sign-on policy demands a second factor'),
    quarantine_group: orNull(name, 'the name of the group whose sign-on policy denies everything'),
    login_range_groups: list(rangeGroup, 'a list of groups, each with the ranges that its sign-on policy permits'),
    block_zone: name
      .nullable()
      .default('BlockedIpZone')
      .describe(
        'the name of the network zone (usage BLOCKLIST) that takes blocked addresses, or null to block them by hand; every org has BlockedIpZone',
      ),
    service_user_types: list(name, "a list of values of the profile's userType that mark the account of a service"),
    shared_user_types: list(
      name,
      "a list of values of the profile's userType that mark an account shared by several people",
    ),
    deadline_ms: deadlineMs(10_000),
    poll_overlap_s: z
      .number()
      .int()
      .min(0)
      .max(86_400)
      .default(300)
      .describe('how far the first poll, and one whose place was lost, looks back, in seconds'),
  })
  .superRefine((settings, context) => {
    const refuse = (path: string, message: string): void => context.addIssue({ code: 'custom', path: [path], message });
    const app = settings.client_id !== null || settings.private_key !== null;
    if (settings.api_token !== null && app) {
      refuse('api_token', 'Okta is given both an API token and a service app; keep one of them.');
    } else if (settings.api_token === null && (settings.client_id === null || settings.private_key === null)) {
      refuse('client_id', 'Okta needs client_id and private_key of a service app, or an api_token.');
    }
    if (settings.private_key !== null && readPrivateKey(settings.private_key.reveal()) === null) {
      refuse(
        'private_key',
        'This is no private key that Okta takes; give an RSA or EC P-256 key as PEM (PKCS#8) or JWK.',
      );
    }
  });

export type OktaSettings = z.output<typeof oktaSettings>;
