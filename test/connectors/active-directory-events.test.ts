import { describe, expect, it } from '@jest/globals';
import type { Entry } from 'ldapts';
import type { Directory } from '../../src/connectors/active-directory/directory.js';
import { createEventSource } from '../../src/connectors/active-directory/events.js';
import { classify } from '../../src/connectors/active-directory/failures.js';
import { UNICODE_PWD } from '../../src/connectors/active-directory/replication-metadata.js';
import { activeDirectorySettings } from '../../src/connectors/active-directory/settings.js';
import { err, ok } from '../../src/platform/result.js';
import { systemRuntime } from '../../src/platform/runtime.js';

const call = { signal: new AbortController().signal, correlationId: 'test-1' };
const SINCE_1601 = 13_400_000_000;

/** The metadata of a password that was written the second time, at this update sequence number. */
function metadata(usn: number): Buffer {
  const bytes = Buffer.alloc(16 + 48);
  bytes.writeUInt32LE(1, 0);
  bytes.writeUInt32LE(1, 8);
  bytes.writeUInt32LE(UNICODE_PWD, 16);
  bytes.writeUInt32LE(2, 20);
  bytes.writeBigUInt64LE(BigInt(SINCE_1601 + usn), 24);
  bytes.writeBigUInt64LE(BigInt(usn), 56);
  return bytes;
}

function personAt(usn: number): Entry {
  const guid = Buffer.alloc(16);
  guid.writeUInt32LE(usn, 0);
  return {
    dn: `CN=p${usn},DC=example,DC=com`,
    objectGUID: guid,
    userPrincipalName: `p${usn}@example.com`,
    userAccountControl: '512',
    replPropertyMetaData: metadata(usn),
  };
}

interface Controller {
  readonly searches: { readonly from: number; readonly to: number; readonly attributes: readonly string[] }[];
  highest: number;
  /** How many changed people it gives within the deadline. */
  bears: number;
}

/** A controller with one password change at each update sequence number: the port of `Directory`, kept in memory. */
function controller(highest: number, bears: number): Controller & { readonly directory: Directory } {
  const self: Controller = { highest, bears, searches: [] };
  const search = (base: string, filter: string, attributes: readonly string[]): readonly Entry[] => {
    if (base === '')
      return [
        {
          dn: '',
          defaultNamingContext: 'DC=example,DC=com',
          dnsHostName: 'dc1.example.com',
          dsServiceName: 'CN=NTDS Settings,CN=DC1',
          highestCommittedUSN: String(self.highest),
        },
      ];
    const from = Number(/uSNChanged>=(\d+)/.exec(filter)?.[1]);
    const to = Number(/uSNChanged<=(\d+)/.exec(filter)?.[1]);
    self.searches.push({ from, to, attributes });
    if (to - from + 1 > self.bears) throw new Error('The deadline passed');
    return Array.from({ length: Math.max(0, to - from + 1) }, (_, index) => personAt(from + index));
  };
  const directory: Directory = {
    settings: activeDirectorySettings.parse({
      url: 'ldaps://dc1.example.com',
      bind_dn: 'CN=notme,DC=example,DC=com',
      bind_password: 'not used',
    }),
    runtime: systemRuntime(),
    async run(_call, work) {
      try {
        return await work({
          writeSent: false,
          modify: () => Promise.reject(new Error('nothing is written here')),
          search: (base, options) =>
            Promise.resolve().then(() => search(base, String(options.filter), options.attributes)),
        });
      } catch (error) {
        return err(classify(error, { writeSent: false }));
      }
    },
    bindAs: () => Promise.resolve(),
    baseDn: () => Promise.resolve(ok('DC=example,DC=com')),
  };
  return Object.assign(self, { directory });
}

async function polled(source: ReturnType<typeof createEventSource>, cursor: string | null) {
  const result = await source.poll(cursor, call);
  if (!result.ok) throw new Error(result.error.message);
  return result.value;
}

describe('after a bulk change', () => {
  it('a window that does not come in time is made smaller, and the cursor moves', async () => {
    const dc = controller(100_000, 50_000);
    const source = createEventSource(dc.directory);
    const start = await polled(source, null);
    dc.highest = 105_000;
    dc.bears = 1_500;
    const seen = new Set<string>();
    let { cursor } = start;
    for (let polls = 0; polls < 5; polls += 1) {
      const read = await polled(source, cursor);
      for (const { eventId } of read.events) seen.add(eventId);
      ({ cursor } = read);
    }
    expect(seen.size).toBeGreaterThanOrEqual(5_000);
    expect(JSON.parse(cursor)).toMatchObject({ usn: '105000' });
  });

  it('what was read before a failure is kept, and a controller that never answers is a failure', async () => {
    const dc = controller(100_000, 50_000);
    const source = createEventSource(dc.directory);
    const start = await polled(source, null);
    dc.highest = 100_400;
    dc.bears = 0;
    expect(await source.poll(start.cursor, call)).toMatchObject({ ok: false, error: { kind: 'transient' } });
    dc.bears = 50_000;
    expect((await polled(source, start.cursor)).events.length).toBeGreaterThanOrEqual(400);
  });

  it('only what an event is made of is asked for', async () => {
    const dc = controller(100_000, 50_000);
    const source = createEventSource(dc.directory);
    const { cursor } = await polled(source, null);
    dc.highest = 100_001;
    await polled(source, cursor);
    expect(dc.searches.flatMap(({ attributes }) => attributes)).not.toContain('allowedAttributesEffective');
    expect(dc.searches.flatMap(({ attributes }) => attributes)).not.toContain('msDS-User-Account-Control-Computed');
  });
});
