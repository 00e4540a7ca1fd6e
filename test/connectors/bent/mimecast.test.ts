import { ADA, connect, startDirectory } from '../mimecast-subject.js';
import { describeBentAnswers } from './describe.js';

const COPIED = { synced_from: 'active_directory', start_directory_sync: true };

describeBentAnswers(
  'Mimecast',
  {
    lists: ['data', 'folders', 'groupMembers', 'delegateUsers'],
    keys: ['id', 'auditType', 'emailAddress', 'description', 'source', 'domain'],
    cursors: [['meta', 'pagination', 'next']],
    emails: { person: ADA },
    isSignIn: (path) => path.endsWith('/token'),
    isWrite: (_method, path) => /update-user|add-|remove-|execute-sync/.test(path),
    async start(clock) {
      const directory = await startDirectory(clock, {
        profileInApi2: true,
        connections: [{ description: 'office', serverType: 'active_directory' }],
      });
      return {
        url: directory.url,
        close: () => directory.close(),
        prepare() {
          for (const mailbox of ['payroll@example.com', 'bob@example.com']) directory.delegate(ADA, mailbox);
        },
      };
    },
    connect: (url, runtime, log) => connect(url, runtime, COPIED, log),
  },
  { decoders: 6 },
);
