import { type Translator } from '../../blocks/parts.js';
import type { Core } from '../../src/ports/core.js';
import { evidenceOf, type Snapshot } from '../../src/evidence/evidence.js';
import type { Drawn } from '../../src/ports/messenger.js';
import { anomalousSignIns } from '../../src/evidence/anomalous-sign-ins.js';
import { recentSince } from '../../src/evidence/anomalies.js';
import { signInPicture } from '../sign-in-picture/picture.js';
import type { SignIn } from '../sign-in-picture/sign-in.js';
import type { IncidentView } from '../../src/incidents/view.js';

function signInsOf(core: Core, { system, evidence }: Snapshot, opened: Date): SignIn[] {
  const section = evidence?.sign_ins;
  const title = core.connectors.get(system)?.title ?? system;
  const items = section && 'items' in section ? section.items : [];
  const odd = new Set(anomalousSignIns(items, recentSince(opened)).map(({ item }) => item.id));
  return items.flatMap(({ id, at, ip, place, device, succeeded }) =>
    at === null
      ? []
      : [
          {
            at,
            system: title,
            ip: ip ?? null,
            place: place ?? null,
            device: device ?? null,
            succeeded: succeeded ?? null,
            odd: odd.has(id),
          },
        ],
  );
}

/** The sign-ins of the stored evidence as a picture, in the security team's time zone; `null` when there are none. */
export async function drawSignIns(core: Core, translator: Translator, view: IncidentView): Promise<Drawn | null> {
  const snapshots = await evidenceOf(core, core.db, view.incident.id);
  const title = translator.plain('picture.title', { reference: view.incident.reference, name: view.person.name });
  const times = snapshots.map(({ takenAt }) => takenAt.getTime());
  const picture = await signInPicture(
    {
      title,
      timeZone: core.policy.timeZone,
      now: new Date(Math.max(view.incident.opened_at.getTime(), ...times)),
      opened: view.incident.opened_at,
      signIns: snapshots.flatMap((snapshot) => signInsOf(core, snapshot, view.incident.opened_at)),
    },
    translator.plain,
  );
  return picture && { text: picture.alt, blocks: [], picture: { png: picture.png, title } };
}
