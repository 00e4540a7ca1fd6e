import {
  type AuthenticationResponseJSON,
  generateAuthenticationOptions,
  generateRegistrationOptions,
  type RegistrationResponseJSON,
} from '@simplewebauthn/server';
import * as z from 'zod';
import { confirm, confirmable } from '../approvals/confirm.js';
import { challengeOf, hashPageToken, pageRequestOf, type PageState } from '../approvals/page-requests.js';
import { recordPageRefusal } from '../approvals/page-refusals.js';
import { REGISTRATION, registerPasskey } from '../approvals/passkey-registration.js';
import { passkeysOf } from '../approvals/passkeys.js';
import { claims } from '../notices/prove-claim.js';
import type { Core, RelyingParty } from '../ports/core.js';
import { type Phrase, phrase } from '../texts/phrase.js';
import type { Say } from '../texts/say.js';
import { enrolSelf } from '../approvals/self-enrolment.js';
import { enrolledPage, enrolPage } from './enrol-views.js';
import type { FormNonces } from './form-nonce.js';
import { confirmPage, donePage, problemPage, registerPage } from './passkey-views.js';
import { createRateLimit } from './rate-limit.js';
import type { ReportRequest } from './report-page.js';
import { reportToken } from './report-port.js';
import type { Page } from './report-views.js';
import { callerIp, isSameOrigin, readBody } from './request.js';

/** An answer of an authenticator is a few kilobytes; RSA keys with certificates are the largest. */
const BODY_LIMIT = 64 * 1024;
const PER_ADDRESS = { tries: 60, windowMs: 60_000, maxKeys: 5_000 };

const encoded = z.string().max(40_000);
const response = z.looseObject({
  id: z.string().max(2_000),
  rawId: z.string().max(2_000),
  type: z.literal('public-key'),
  clientExtensionResults: z.looseObject({}),
});
const assertion = response.extend({
  response: z.looseObject({ clientDataJSON: encoded, authenticatorData: encoded, signature: encoded }),
});
const attestation = response.extend({
  response: z.looseObject({
    clientDataJSON: encoded,
    attestationObject: encoded,
    transports: z.array(z.string().max(20)).max(10).default([]),
  }),
});
const form = z.strictObject({ response: z.string().max(BODY_LIMIT), nonce: z.string().max(100) });

export interface PasskeyPageOptions {
  readonly core: Core;
  readonly nonces: FormNonces;
  readonly say: Say;
  readonly trustedProxies: number;
  onRejected(reason: string): void;
}

export type PasskeyPage = (asked: ReportRequest) => Promise<Page>;

type Open = PageState & { state: 'open' };

/** Answers `/confirm/<token>` and `/enrol/<token>`: a GET only shows, a POST brings the passkey's answer. */
export function createPasskeyPage(options: PasskeyPageOptions): PasskeyPage {
  const { core, nonces, say } = options;
  const perAddress = createRateLimit(PER_ADDRESS, core.runtime);

  function refuse(why: Phrase, reason: string, status = 403): Page {
    options.onRejected(reason);
    return problemPage(say, why, status);
  }

  async function show(link: Open, party: RelyingParty): Promise<Page> {
    const nonce = nonces.issue(link.hash);
    if (link.request.kind === 'enrol') return enrolPage(say, link.request.label, nonce);
    const passkeys = await passkeysOf(core, core.db, link.userId);
    const known = passkeys.map(({ id, traits }) => ({ id, transports: [...traits.transports] }));
    if (link.request.kind === 'register') {
      const creation = await generateRegistrationOptions({
        rpName: 'Notme',
        rpID: party.id,
        userName: link.request.label,
        userID: new TextEncoder().encode(link.userId),
        challenge: Buffer.from(challengeOf(link.hash, REGISTRATION), 'base64url'),
        excludeCredentials: known,
        authenticatorSelection: { userVerification: 'required', residentKey: 'discouraged' },
      });
      return registerPage(say, link.request.label, { kind: 'register', options: creation, nonce });
    }
    const shown = await confirmable(core, link.request.request, claims);
    if (!shown.ok) return problemPage(say, shown.error.phrase, 409);
    const request = await generateAuthenticationOptions({
      rpID: party.id,
      challenge: Buffer.from(challengeOf(link.hash, link.request.binding), 'base64url'),
      allowCredentials: known,
      userVerification: 'required',
    });
    return confirmPage(say, shown.value, { kind: 'authenticate', options: request, nonce });
  }

  async function take(link: Open, party: RelyingParty, { request, correlationId }: ReportRequest): Promise<Page> {
    const origin = { surface: 'passkey_page', correlationId, ip: callerIp(request, options.trustedProxies) };
    const refused = async (reason: string, status = 403): Promise<Page> => {
      await recordPageRefusal(core, link, reason, origin);
      return refuse(phrase('passkey.refused'), reason, status);
    };
    if (!isSameOrigin(request, party.origin)) return refused('cross_site');
    const body = await readBody(request, BODY_LIMIT);
    const fields = form.safeParse(body.ok ? Object.fromEntries(new URLSearchParams(body.value)) : null);
    if (!fields.success) return refused('fields', 400);
    if (!nonces.holds(fields.data.nonce, link.hash)) return refused('nonce');
    if (link.request.kind === 'enrol') {
      const enrolled = await enrolSelf(core, link, origin);
      if (enrolled.ok) return enrolledPage(say, enrolled.value);
      await recordPageRefusal(core, link, enrolled.error.code, origin);
      return refuse(enrolled.error.phrase, enrolled.error.code);
    }
    const given = parseJson(fields.data.response);
    if (link.request.kind === 'register') {
      const read = attestation.safeParse(given);
      if (!read.success) return refused('fields', 400);
      const made = await registerPasskey(core, { hash: link.hash, response: asRegistration(read.data) }, origin);
      return made.ok ? donePage(say, 'registered') : refuse(made.error.phrase, made.error.code);
    }
    const read = assertion.safeParse(given);
    if (!read.success) return refused('fields', 400);
    const signed = { kind: 'passkey', hash: link.hash, response: asAuthentication(read.data) } as const;
    const confirmed = await confirm(core, signed, origin, claims);
    if (!confirmed.ok) return refuse(confirmed.error.phrase, confirmed.error.code);
    return donePage(say, link.request.request.command === 'prove_claim' ? 'proven' : 'confirmed');
  }

  return async (asked) => {
    const wait = perAddress.wait(callerIp(asked.request, options.trustedProxies));
    if (wait > 0) {
      options.onRejected('rate_limited');
      return { ...problemPage(say, phrase('passkey.busy'), 429), retryAfterSeconds: wait };
    }
    const party = core.party();
    if (!party.ok) return problemPage(say, phrase(`problem.passkey.${party.error}`), 503);
    const token = reportToken.safeParse(asked.path.replace(/^\/(?:confirm|enrol)\//, ''));
    if (!token.success) return problemPage(say, phrase('problem.passkey.unknown'), 404);
    const link = await pageRequestOf(core, core.db, hashPageToken(token.data));
    if (link.state === 'unknown') return problemPage(say, phrase('problem.passkey.unknown'), 404);
    if (link.state !== 'open') {
      const ip = callerIp(asked.request, options.trustedProxies);
      const origin = { surface: 'passkey_page', correlationId: asked.correlationId, ip };
      await recordPageRefusal(core, link, link.state, origin);
      return problemPage(say, phrase(`problem.passkey.${link.state}`), 410);
    }
    return asked.request.method === 'POST' ? take(link, party.value, asked) : show(link, party.value);
  };
}

/** `null` for what is no JSON. */
function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}

/** Only what is verified is passed on. */
const asAuthentication = ({
  id,
  rawId,
  type,
  response: of,
}: z.output<typeof assertion>): AuthenticationResponseJSON => ({
  id,
  rawId,
  type,
  clientExtensionResults: {},
  response: {
    clientDataJSON: of.clientDataJSON,
    authenticatorData: of.authenticatorData,
    signature: of.signature,
  },
});

const asRegistration = ({ id, rawId, type, response: of }: z.output<typeof attestation>): RegistrationResponseJSON => ({
  id,
  rawId,
  type,
  clientExtensionResults: {},
  response: { clientDataJSON: of.clientDataJSON, attestationObject: of.attestationObject, transports: of.transports },
});
