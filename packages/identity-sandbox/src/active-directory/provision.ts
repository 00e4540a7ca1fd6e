import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { findProgram } from './available.js';
import { run } from './command.js';

/** Where one domain lives and what it is called. */
export interface DomainPlan {
  readonly dir: string;
  /** DNS name of the domain, e.g. `lab.example`. */
  readonly domain: string;
  readonly address: string;
  readonly adminPassword: string;
}

const HOST = 'dc1';

export const hostNameOf = (plan: DomainPlan): string => `${HOST}.${plan.domain}`;
export const baseDnOf = (domain: string): string =>
  domain
    .split('.')
    .map((part) => `DC=${part}`)
    .join(',');
export const samDatabase = (dir: string): string => join(dir, 'private', 'sam.ldb');
export const configFile = (dir: string): string => join(dir, 'etc', 'smb.conf');
export const certificateFile = (dir: string): string => join(dir, 'private', 'tls', 'ca.pem');

/** Makes an empty domain in `plan.dir`, about five seconds; Samba's own tool does it. */
export async function provision(plan: DomainPlan): Promise<void> {
  await mkdir(plan.dir, { recursive: true });
  await run(findProgram('samba-tool') ?? 'samba-tool', [
    'domain',
    'provision',
    `--targetdir=${plan.dir}`,
    '--server-role=dc',
    `--realm=${plan.domain.toUpperCase()}`,
    `--domain=${workgroup(plan)}`,
    `--host-name=${HOST}`,
    `--adminpass=${plan.adminPassword}`,
    '--dns-backend=NONE',
    `--option=interfaces=${plan.address}/8`,
    '--option=bind interfaces only=yes',
  ]);
  await makeCertificate(plan);
  await writeFile(configFile(plan.dir), configuration(plan));
}

function workgroup(plan: DomainPlan): string {
  return (plan.domain.split('.')[0] ?? 'LAB').toUpperCase().slice(0, 15);
}

/** LDAP alone, on one address; logs stay in the domain's own folder. */
function configuration(plan: DomainPlan): string {
  const { dir } = plan;
  const settings: Readonly<Record<string, string>> = {
    'server role': 'active directory domain controller',
    realm: plan.domain.toUpperCase(),
    workgroup: workgroup(plan),
    'netbios name': HOST.toUpperCase(),
    interfaces: `${plan.address}/8`,
    'bind interfaces only': 'yes',
    'server services': 'ldap',
    'prefork children': '2',
    'private dir': join(dir, 'private'),
    'lock directory': dir,
    'state directory': join(dir, 'state'),
    'cache directory': join(dir, 'cache'),
    'binddns dir': join(dir, 'bind-dns'),
    'pid directory': join(dir, 'run'),
    'log file': join(dir, 'samba.log'),
    'log level': '1',
  };
  const lines = Object.entries(settings).map(([key, value]) => `\t${key} = ${value}`);
  const sysvol = join(dir, 'state', 'sysvol');
  return `[global]\n${lines.join('\n')}\n\n[sysvol]\n\tpath = ${sysvol}\n\n[netlogon]\n\tpath = ${join(sysvol, plan.domain, 'scripts')}\n`;
}

/** With openssl the certificate takes a moment; without it Samba makes one itself at its first start, in several seconds. */
async function makeCertificate(plan: DomainPlan): Promise<void> {
  const openssl = findProgram('openssl');
  if (openssl === null) return;
  const folder = join(plan.dir, 'private', 'tls');
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const key = join(folder, 'key.pem');
  const name = hostNameOf(plan);
  const request = ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '365', '-subj', `/CN=${name}`];
  const files = ['-addext', `subjectAltName=DNS:${name}`, '-keyout', key, '-out', join(folder, 'cert.pem')];
  await run(openssl, [...request, ...files]);
  await run('cp', [join(folder, 'cert.pem'), certificateFile(plan.dir)]);
  await run('chmod', ['600', key]);
}
