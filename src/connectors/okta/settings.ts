import { z } from 'zod';
import { secretSetting } from '../../secret.js';
import { baseUrl } from '../http/base-url.js';
import { readPrivateKey } from './private-key.js';
import { rangeSetting } from '../ranges.js';

const name = z.string().min(1);

/** A group that an administrator prepared with a sign-on policy, and the login ranges that the policy permits. */
const rangeGroup = z.strictObject({ group: name, ranges: z.array(rangeSetting).min(1) });

/** What the Okta connector needs to know; keys as in the configuration file. */
export const oktaSettings = z
  .strictObject({
    /** The org's own address, `https://example.okta.com`; not the one that ends in `-admin`. */
    base_url: baseUrl,
    /** An API token (SSWS); its rights are those of the administrator who made it. */
    api_token: secretSetting.nullable().default(null),
    /** A service app with `private_key_jwt`, the better way: its rights are its own. */
    client_id: name.nullable().default(null),
    /** PEM (PKCS#8) or JWK in JSON; RSA or EC P-256. */
    private_key: secretSetting.nullable().default(null),
    /** `kid` of the key in the app; needed when the app has several keys and the key is a PEM. */
    key_id: name.nullable().default(null),
    /** The scopes to ask for; `null` asks for all that Notme can use, and takes what was granted. */
    scopes: z
      .array(z.string().regex(/^okta\.[A-Za-z.]+$/, 'An Okta scope looks like okta.users.read.'))
      .min(1)
      .nullable()
      .default(null),
    /** Name of the group whose sign-on policy demands a second factor; `null` when none was prepared. */
    two_step_group: name.nullable().default(null),
    /** Name of the group whose sign-on policy denies everything. */
    quarantine_group: name.nullable().default(null),
    login_range_groups: z.array(rangeGroup).default([]),
    /** Name of the network zone (usage BLOCKLIST) that takes blocked addresses; every org has `BlockedIpZone`. `null`: by hand. */
    block_zone: name.nullable().default('BlockedIpZone'),
    /** Values of the profile's `userType` that mark an account as a service's, or as shared by several people. */
    service_user_types: z.array(name).default([]),
    shared_user_types: z.array(name).default([]),
    /** For one request, in milliseconds. */
    deadline_ms: z.number().int().min(100).max(120_000).default(10_000),
    /** How far the first poll, and one whose place was lost, looks back, in seconds. */
    poll_overlap_s: z.number().int().min(0).max(86_400).default(300),
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
