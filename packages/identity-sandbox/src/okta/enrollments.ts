import { answer, change, empty, refuse, withUser } from './context.js';
import { forbidden, notFound } from './errors.js';
import type { FactorRecord, UserRecord } from './model.js';
import { oktaId } from './seed.js';
import { partyOf } from './state.js';
import { accessCodeJson, enrollmentJson } from './wire.js';

/** The e-mail factor that Okta enrols by itself for an account with an address; it has no times. */
export const emailFactor = (user: Pick<UserRecord, 'profile'>): FactorRecord => ({
  id: oktaId('emf'),
  factorType: 'email',
  provider: 'OKTA',
  vendorName: 'OKTA',
  profile: { email: user.profile['email'] ?? '' },
});

/** Without those that are gone; an e-mail factor of the own address is there again at once. */
export function withoutFactors(user: UserRecord, gone: (factor: FactorRecord) => boolean): FactorRecord[] {
  const own = user.profile['email'];
  const isOwn = ({ factorType, profile }: FactorRecord): boolean => factorType === 'email' && profile['email'] === own;
  const returns = user.factors.some((factor) => isOwn(factor) && gone(factor));
  return [...user.factors.filter((factor) => !gone(factor)), ...(returns ? [emailFactor(user)] : [])];
}

/** `lifecycle/reset_factors` of Okta's management API, tag UserFactor and UserLifecycle. */
export const resetFactors = withUser((context, user) => {
  if (!context.reaches(user)) return refuse(forbidden());
  return change(user, () => {
    user.factors = withoutFactors(user, () => true);
    context.state.writeLog('user.mfa.factor.reset_all', [partyOf(user)], context.origin);
    return empty(200);
  });
});

/** Tag UserAuthenticatorEnrollments. */
export const listEnrollments = withUser((_context, user) =>
  answer([...user.factors.map(enrollmentJson), ...(user.accessCodes ?? []).map(accessCodeJson)]),
);

export const deleteEnrollment = withUser((context, user) => {
  const id = context.params[1] ?? '';
  const known = [...user.factors, ...(user.accessCodes ?? [])].some((one) => one.id === id);
  if (!known) return refuse(notFound(id, 'AuthenticatorEnrollment'));
  if (!context.reaches(user)) return refuse(forbidden());
  return change(user, () => {
    user.factors = withoutFactors(user, (factor) => factor.id === id);
    user.accessCodes = (user.accessCodes ?? []).filter((code) => code.id !== id);
    context.state.writeLog('user.mfa.factor.deactivate', [partyOf(user)], context.origin);
    return empty();
  });
});
