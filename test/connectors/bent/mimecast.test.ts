import { ADA, connect, startDirectory } from '../mimecast-subject.js';
import { describeBentAnswers } from './describe.js';

describeBentAnswers(
  'Mimecast',
  {
    lists: ['data', 'folders', 'groupMembers', 'delegateUsers'],
    keys: ['id', 'auditType', 'emailAddress', 'description', 'source', 'domain'],
    cursors: [['meta', 'pagination', 'next']],
    emails: { person: ADA },
    isSignIn: (path) => path.endsWith('/token'),
    isWrite: (_method, path) => /update-user|add-|remove-/.test(path),
    async start(clock) {
      const directory = await startDirectory(clock, { profileInApi2: true });
      return {
        url: directory.url,
        close: () => directory.close(),
        prepare() {
          for (const mailbox of ['payroll@example.com', 'bob@example.com']) directory.delegate(ADA, mailbox);
        },
      };
    },
    connect: (url, runtime, log) => connect(url, runtime, {}, log),
  },
  { decoders: 5 },
);
