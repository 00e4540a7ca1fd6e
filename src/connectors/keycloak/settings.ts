import { z } from 'zod';
import { secretSetting } from '../../platform/secret.js';
import { baseUrl } from '../http/base-url.js';
import { deadlineMs, orNull, pollOverlap } from '../kit/settings.js';

const name = z.string().min(1);

/** What the Keycloak connector needs to know; keys as in the configuration file. */
export const keycloakSettings = z.strictObject({
  base_url: baseUrl.describe(
    'the address of the server, with its path prefix if there is one: https://sso.example.com, https://sso.example.com/auth',
  ),
  realm: name.describe('the name of the realm in which people are'),
  client_id: name.describe('the client id of the API client'),
  client_secret: secretSetting,
  token_realm: orNull(name, 'the realm of the API client, if it is another one (master)'),
  admin_client: name
    .default('realm-management')
    .describe('the client whose roles administer the realm: realm-management, or <realm>-realm for a client of master'),
  admin_client_uuid: orNull(
    name,
    "that client's UUID; without it the API client needs view-clients, which also reads the secrets of clients",
  ),
  protected_roles: z
    .array(name)
    .default(['realm-admin'])
    .describe('a list of administrator roles whose holders, also through a group, are not touched'),
  employee_id_attribute: orNull(name, 'the attribute of users that holds the personnel number'),
  alias_attribute: orNull(name, 'the attribute of users that holds further addresses'),
  two_step_action: name
    .default('CONFIGURE_TOTP')
    .describe('the required action that makes a person enrol a second factor'),
  quarantine_group: orNull(z.string().startsWith('/'), 'the path of the prepared group, e.g. /quarantine'),
  upstream: z
    .record(name, name)
    .default({})
    .describe('the systems of Notme that stand behind user federations (by name) and identity providers (by alias)'),
  access_token_lifespan_s: z
    .number()
    .int()
    .min(1)
    .max(86_400)
    .default(300)
    .describe('how long access tokens live in this realm, in seconds'),
  deadline_ms: deadlineMs(10_000),
  poll_overlap_s: pollOverlap(120),
  poll_sign_ins: z.boolean().default(true).describe('false to leave sign-ins out of the poll'),
});

export type KeycloakSettings = z.output<typeof keycloakSettings>;
