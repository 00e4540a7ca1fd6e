/** What a person reads in a mail, by key. Placeholders in braces are typed by `fill.ts`. */
export const mailTexts = {
  'mail.notice.subject': 'Was this you? Your {system} account changed',
  'mail.notice.greeting': 'Hello,',
  'mail.notice.password_reset': 'The password of your {system} account was reset.',
  'mail.notice.sign_in': 'There was a sign-in to your {system} account.',
  'mail.notice.two_step_changed': 'The 2-step verification of your {system} account was changed.',
  'mail.notice.reported': 'Something was reported from your {system} account.',
  'mail.notice.push_denied': 'A request to sign in to your {system} account was rejected on your phone.',
  'mail.notice.at_risk': '{system} noticed something unusual about your account.',
  'mail.notice.account': 'Account',
  'mail.notice.when': 'When',
  'mail.notice.by': 'By',
  'mail.notice.by_unknown': 'not known',
  'mail.notice.from': 'From address',
  'mail.notice.if_you': 'If this was you, you need not do anything.',
  'mail.notice.if_not_you':
    'If this was not you, open this page and tell us. It takes one tap, and you cannot do any harm.',
  'mail.notice.button': 'This was not me',
  'mail.notice.expires': 'The link works once, until {expires}.',
  'mail.notice.never_ask':
    'We never ask for your password or for a code: not in a mail, not on that page, not on the phone.',
  'mail.notice.doubt':
    'If you doubt this mail, do not press the link; call your security team on a number that you already know.',
} as const;

/** The same keys in any language, or with an administrator's overrides. */
export type MailTexts = Readonly<Record<keyof typeof mailTexts, string>>;
