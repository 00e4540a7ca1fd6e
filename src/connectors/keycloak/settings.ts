import { z } from 'zod';
import { secretSetting } from '../../secret.js';
import { baseUrl } from '../http/base-url.js';

const name = z.string().min(1);

/** What the Keycloak connector needs to know; keys as in the configuration file. */
export const keycloakSettings = z.strictObject({
  /** With the path prefix if there is one: `https://sso.example.com`, `https://sso.example.com/auth`. */
  base_url: baseUrl,
  realm: name,
  client_id: name,
  client_secret: secretSetting,
  /** The realm of the API client, if it is another one (`master`). */
  token_realm: name.nullable().default(null),
  /** The client whose roles administer the realm: `realm-management`, or `<realm>-realm` for a client of `master`. */
  admin_client: name.default('realm-management'),
  /** That client's UUID. Without it the API client needs `view-clients`, which also reads the secrets of clients. */
  admin_client_uuid: name.nullable().default(null),
  /** Whoever holds one of these administrator roles, also through a group, is not touched. */
  protected_roles: z.array(name).default(['realm-admin']),
  /** Attributes of users that hold the personnel number and further addresses. */
  employee_id_attribute: name.nullable().default(null),
  alias_attribute: name.nullable().default(null),
  /** Required action that makes a person enrol a second factor. */
  two_step_action: name.default('CONFIGURE_TOTP'),
  /** Path of the prepared group, e.g. `/quarantine`; `null` when none was prepared. */
  quarantine_group: z.string().startsWith('/').nullable().default(null),
  /** Which system of Notme stands behind a user federation (by name) or an identity provider (by alias). */
  upstream: z.record(name, name).default({}),
  /** How long access tokens live in this realm, in seconds. */
  access_token_lifespan_s: z.number().int().min(1).max(86_400).default(300),
  /** For one request, in milliseconds. */
  deadline_ms: z.number().int().min(100).max(120_000).default(10_000),
  /** How far each poll looks back before the last one's end, in seconds. */
  poll_overlap_s: z.number().int().min(0).max(86_400).default(120),
  /** Whether the poll tells of sign-ins too. */
  poll_sign_ins: z.boolean().default(true),
});

export type KeycloakSettings = z.output<typeof keycloakSettings>;
