/** What a person reads on the report page, by key. Placeholders in braces are typed by `fill.ts`. */
export const pageTexts = {
  'page.open.title': 'Was this you?',
  'page.open.password_reset': 'The password of the {system} account {login} was reset.',
  'page.open.sign_in': 'There was a sign-in to the {system} account {login}.',
  'page.open.two_step_changed': 'The 2-step verification of the {system} account {login} was changed.',
  'page.open.reported': 'Something was reported from the {system} account {login}.',
  'page.open.push_denied': 'A request to sign in to the {system} account {login} was rejected on the phone.',
  'page.open.at_risk': '{system} noticed something unusual about the account {login}.',
  'page.open.when': 'When',
  'page.open.by': 'By',
  'page.open.by_unknown': 'not known',
  'page.open.from': 'From address',
  'page.open.hint': 'If it was not you, say so now. A person looks at it, and you cannot do any harm by asking.',
  'page.open.not_me': "I didn't do this",
  'page.open.me': 'This was me',
  'page.open.expires': 'This page works once, until {expires}.',
  'page.open.said_me':
    'Somebody has already answered here: "This was me". If that was not you, or you are no longer sure, press the button.',
  'page.open.stale': 'This page had been open for too long, so nothing was sent. Please press the button again.',
  'page.never_ask': 'We never ask for your password or for a code on this page.',
  'page.reported.title': 'Thank you for telling us',
  'page.reported.text': 'The security team has been told. Your incident is {reference}.',
  'page.reported.next':
    'What happens next: someone checks what happened and secures your accounts. You may be signed out and have to set a new password; that is expected.',
  'page.reported.do':
    'Please do not approve sign-in prompts that you did not start, and do not share codes with anybody, not even with us.',
  'page.me.title': 'We have noted that this was you',
  'page.me.text':
    'Nothing was changed or locked, and you need not do anything else. The security team can see your answer.',
  'page.me.next':
    'It does not prove that it was you: somebody else who reads your mail could press that button too. So the security team may still ask you, by phone or in person.',
  'page.me.change':
    'Not sure any more? Go back and press "I didn\'t do this". You can still do that, and it does no harm if you are wrong.',
  'page.me.back': 'Back to the notice',
  'page.already.title': 'You have already told us that this was not you',
  'page.already.text':
    'That report stands, and a person is looking at it. "This was me" does not take it back, because somebody else who reads your mail could press it. You may be signed out and have to set a new password; that is expected.',
  'page.already.next':
    'If it was you after all, tell the security team by phone or in person, and they will end it. If you did not send the report, call them now.',
  'page.used.title': 'This link has already been used',
  'page.used.text':
    'The report has arrived, and the security team has it. If you did not send it, call the security team now.',
  'page.expired.title': 'This link has expired',
  'page.expired.text':
    'A link works for seven days. If you still think that something is wrong, tell the security team in Slack or by phone.',
  'page.unknown.title': 'This link is not known',
  'page.unknown.text':
    'It may have been cut off on its way, or a newer mail has replaced it. Open the link from the newest mail, or tell the security team in Slack or by phone.',
  'page.refused.title': 'This was not sent from our page',
  'page.refused.text':
    'For your safety nothing was reported. Open the link from the mail itself and press the button there.',
  'page.malformed.title': 'That could not be read',
  'page.malformed.text': 'Nothing was reported. Open the link from the mail again and use one of its two buttons.',
  'page.busy.title': 'Too many tries',
  'page.busy.text': 'Please wait {seconds} seconds and open the link again. If it is urgent, call the security team.',
  'page.down.title': 'Something is wrong on our side',
  'page.down.text':
    'We do not know whether your answer has arrived. Please open the link again in a minute. If it is urgent, call the security team and give this number: {correlation}.',
} as const;

/** The same keys in any language, or with an administrator's overrides. */
export type PageTexts = Readonly<Record<keyof typeof pageTexts, string>>;
