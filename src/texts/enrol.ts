/** Enrolling oneself on a page, and what is told about it. */
export const enrolTexts = {
  'enrol.title': 'Enrol your authenticator app',
  'enrol.text':
    'For {label}. Have the phone with your authenticator app at hand, and somewhere to keep recovery codes.',
  'enrol.once': 'The code is shown once. Codes and recovery codes that you had before stop working then.',
  'enrol.button': 'Show my code',
  'enrol.done': 'Scan this code now',
  'enrol.here': 'On the phone itself: open it in the authenticator app',
  'enrol.scan': 'Scan the picture with your authenticator app, or type the secret in.',
  'enrol.keep': 'Print the recovery codes, or keep them in a password manager; never in Slack or a mailbox.',
  'enrol.try': 'Close this page when both are done. It is not shown again.',
  'enrol.qr': 'QR code with the secret for your authenticator app; the same secret stands below as text',
  'enrol.secret': 'The secret, to type in',
  'enrol.recovery': 'Recovery codes',
  'enrol.recovery.text': 'For when the phone is lost. Each counts once, in place of a code.',
  'home.enrol': 'Enrol an authenticator app',
  'enrolment.approve': 'Approve enrolment',
  'enrolment.open': 'Open the page',
  'enrolment.asked':
    'Asked. Another administrator approves it with a code of their own; then you get a private link to the page.',
  'modal.enrolment.title': 'Approve enrolment',
  'modal.enrolment.submit': 'Approve',
  'modal.enrolment.intro':
    'Approve this only when you have spoken with {who}, in person or by phone, and they say that *they* asked. Whoever opens the link decides in their name from then on, and their earlier codes stop working.',
  'announce.enrolment':
    ':key: {who} asks to enrol an authenticator app. Another administrator speaks with them in person or by phone, and approves it here, until {until}. If that was not them, somebody else is using their Slack.',
  'announce.enrolment.approved':
    ':key: {who} approved that {whom} enrols an authenticator app. If that was not agreed, speak with both now.',
  'announce.enrolment.link':
    ':key: {who} approved it. Open this page within ten minutes; it works once, and is for you alone.',
  'announce.self_enrolled': ':key: {who} enrolled an authenticator app on the page, after the approval above.',
  'announce.self_enrolled.you':
    ':key: You enrolled an authenticator app. If you did not scan a code just now, somebody else did as you: tell the security team at once.',
  'announce.self_enrolled_again':
    ':key: {who} enrolled an authenticator app *anew* on the page, after the approval above: the earlier codes and recovery codes stopped working.',
  'announce.self_enrolled_again.you':
    ':key: You enrolled an authenticator app *anew*: your earlier codes and recovery codes stopped working. If you did not scan a code just now, somebody else did as you: tell the security team at once.',
  'problem.enrolment.asked': 'You have asked already: another administrator approves it in the security channel.',
  'problem.enrolment.own': 'This is your own enrolment: another administrator has to approve it.',
  'problem.enrolment.none':
    'Nobody asks for this any more: it was approved, or an hour has passed. They can ask again.',
} as const;
