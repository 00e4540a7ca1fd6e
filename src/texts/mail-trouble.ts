/** What the security channel and the doctor say when notices cannot be mailed. */
export const mailTroubleTexts = {
  'mail_trouble.title': 'People without Slack are not asked: mail is refused',
  'mail_trouble.unconfigured': ':warning: No mail server is configured. {problem}',
  'mail_trouble.auth': ':warning: The mail server refuses my credentials. {problem}',
  'mail_trouble.rejected': ':warning: The mail server accepts no mail for an address. {problem}',
  'mail_trouble.passing': ':warning: Mails do not go out at the moment. {problem}',
  'mail_trouble.next':
    'Notices that wait: {count}. I keep them, try again at least every 15 minutes for 7 days, and send them once this is fixed. Until then I do not repeat this message; who is waiting is listed in my Home tab, and in this channel when they are due.',
  'mail.doctor.title': 'Mail',
  'mail.doctor.ok': 'The mail server accepts our credentials.',
  'mail.doctor.none': 'No mail server is configured: people without Slack are not asked; the channel is told of them.',
  'mail.doctor.set': 'Set MAILGUN_API_KEY and MAILGUN_DOMAIN, or SMTP_URL, and MAIL_FROM.',
  'mail.doctor.unknown': 'The mail server failed without a reason; look at its log.',
  'mail.doctor.waiting': 'Notices that could not be mailed: {count}. {problem}',
  'mail.doctor.kept': 'Notices that wait are sent automatically once this is fixed.',
} as const;
