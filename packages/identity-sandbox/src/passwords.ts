import { randomBytes, scryptSync, timingSafeEqual } from 'node:crypto';

const hash = (password: string, salt: string): Buffer => scryptSync(password, salt, 32, { N: 1024, r: 8, p: 1 });

export function hashPassword(password: string): { passwordSalt: string; passwordHash: string } {
  const passwordSalt = randomBytes(16).toString('base64url');
  return { passwordSalt, passwordHash: hash(password, passwordSalt).toString('base64url') };
}

export function passwordMatches(password: string, record: { passwordSalt: string; passwordHash: string }): boolean {
  return timingSafeEqual(hash(password, record.passwordSalt), Buffer.from(record.passwordHash, 'base64url'));
}

/** The rules of this account: ten characters, three kinds of them, not the person's own name. */
export function passwordIsWeak(password: string, email: string): boolean {
  const kinds = [/[a-z]/, /[A-Z]/, /\d/, /[^A-Za-z0-9]/].filter((kind) => kind.test(password)).length;
  const own = (email.split('@')[0] ?? email).toLowerCase();
  return password.length < 10 || kinds < 3 || password.toLowerCase().includes(own);
}
