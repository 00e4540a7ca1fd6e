import type { Client } from 'ldapts';

/** The security identifier of an object, as `S-1-5-21-…`. */
export async function securityIdOf(client: Client, dn: string): Promise<string> {
  const { searchEntries } = await client.search(dn, {
    scope: 'base',
    attributes: ['objectSid'],
    explicitBufferAttributes: ['objectSid'],
  });
  const sid = searchEntries[0]?.['objectSid'];
  if (!Buffer.isBuffer(sid)) throw new Error(`${dn} has no security identifier`);
  return formatSid(sid);
}

/** Layout (MS-DTYP 2.4.2.2): revision, count, authority (6 bytes, big-endian), then 32 bit little-endian parts. */
function formatSid(sid: Buffer): string {
  const parts = Array.from({ length: sid.readUInt8(1) }, (_, index) => sid.readUInt32LE(8 + index * 4));
  return ['S', sid.readUInt8(0), sid.readUIntBE(2, 6), ...parts].join('-');
}
