import { ADA, connect, startDirectory } from '../scim-subject.js';
import { describeBentAnswers } from './describe.js';

describeBentAnswers(
  'SCIM 2.0',
  {
    lists: ['Resources'],
    keys: ['id', 'value', 'totalResults'],
    optional: ['externalId', 'emails'],
    emails: { person: ADA, ambiguous: 'twin@example.com' },
    isSignIn: () => false,
    async start(clock) {
      const directory = await startDirectory(clock);
      return {
        url: directory.url,
        close: () => directory.close(),
        prepare: () => directory.setMember('grp-admins', ADA, true),
      };
    },
    connect: (url, runtime, log) => connect(url, runtime, {}, log),
  },
  { decoders: 9 },
);
