import { mailTexts } from './mail.js';
import { pageTexts } from './page.js';
import { actionsTexts } from './actions.js';
import { modalsTexts } from './modals.js';
import { problemsTexts } from './problems.js';
import { timelineTexts } from './timeline.js';
import { pictureTexts } from './picture.js';

/**
 * Every text that a person reads, by key. `{name}` is a placeholder: its value is typed by the key.
 * An administrator may override any of these in `notme.yml` under `texts:`.
 */
export const en = {
  ...mailTexts,
  ...pageTexts,
  ...pictureTexts,
  ...actionsTexts,
  ...timelineTexts,
  ...modalsTexts,
  ...problemsTexts,

  'kind.password_reset': 'your password was reset',
  'kind.sign_in': 'there was a sign-in from a new place',
  'kind.two_step_changed': 'your 2-step verification was changed',
  'kind.password_reset.short': 'Password reset',
  'kind.sign_in.short': 'New sign-in',
  'kind.two_step_changed.short': '2-step changed',

  'notice.title': 'Was this you?',
  'notice.text': '*{system}* says: {what}.',
  'notice.when': '*When:* {when}',
  'notice.by': '*By:* {actor}',
  'notice.by_unknown': 'not said by the system',
  'notice.account': '*Account:* {login}',
  'notice.from': '*From:* {ip}',
  'notice.hint':
    'If it was not you, say so now: it takes one tap, and a person looks at it. You cannot do anything wrong here.',
  'notice.not_me': "I didn't do this",
  'notice.me': 'This was me',
  'notice.answered_not_me':
    ':rotating_light: You said that this was *not you*. The security team has been told; keep an eye on the message below.',
  'notice.answered_me':
    ':white_check_mark: You said that this was you. Nothing was changed. If you are no longer sure, press the button.',
  'notice.fallback': '{system}: {what}. Was this you?',

  'status.title': 'Thank you for telling us',
  'status.opened': 'The security team has been told about your account and has opened incident *{reference}*.',
  'status.next':
    '*What happens next:* someone checks what happened and secures your accounts. You may be signed out and have to set a new password; that is expected.',
  'status.do':
    "*Please:* don't approve sign-in prompts that you did not start, and don't share codes with anybody, not even with us.",
  'status.waiting': '*Who is looking:* the on-call security team; nobody has taken it yet.',
  'status.owner': '*Who is looking:* {owner}',
  'status.steps': '*Done so far*',
  'status.nothing_yet': '*Done so far:* your report has arrived; nothing has been changed yet.',
  'status.closed.compromised':
    'The incident is closed: somebody else had access, and your accounts have been secured. Thank you, your report made the difference.',
  'status.closed.harmless':
    'The incident is closed: we found nothing wrong. Thank you for checking with us; please do it again the next time.',
  'status.closed.it_was_it':
    'The incident is closed: it was our own IT team. Thank you for checking with us; please do it again the next time.',
  'status.closed.wrong_person':
    'The incident is closed: the report was about another person. Thank you for checking with us.',
  'status.fallback': 'Incident {reference}: {state}',
  'status.state.open': 'the security team is on it',
  'status.state.closed': 'closed',

  'ask.unsure': "I want to be sure that I understand you. Did something happen on your account that wasn't you?",
  'ask.yes': "Yes, that wasn't me",
  'ask.no': 'No, all is well',
  'ask.no_answer': 'Good. If anything looks odd, write to me at any time: "I didn\'t do this" is enough.',
  'ask.help':
    'I am here for one thing: when something happened on your account and it was not you, tell me, in your own words. I pass it to the security team at once.',
  'report.was_me':
    'Good to know. Nothing was changed. If anything looks odd later, write to me: "that wasn\'t me" is enough.',
  'report.was_me_open':
    'Noted: I passed it on in incident {reference}. Because anybody who holds your Slack could say this, a person of the security team will check with you before it is closed.',
  'report.merged': 'I added this to incident *{reference}*, which is already open. The security team sees it.',
  'report.opened':
    'Thank you. I have told the security team and opened incident *{reference}*. I keep you up to date in our direct messages.',
  'report.unknown_person':
    'I could not find out who you are: Slack gave me no e-mail address for you. Please call the security team.',
  'report.too_late':
    'That took too long for Slack to open the window. Write to me here instead: "I didn\'t do this" is enough.',
  'report.bot': 'Only people can report.',

  'card.unknown.owner': 'nobody yet',

  'card.title': '{reference}: {name} says "I didn\'t do this"',
  'card.title.lockdown': '{reference}: {name}',
  'card.who': '*Who:* {who}',
  'card.title_line': '*Title:* {title}',
  'card.manager': '*Manager:* {manager}',
  'card.zone': '*Time zone:* {zone} ({local} there)',
  'card.unknown': 'not known',
  'card.reported': '*Reported*\n{lines}',
  'card.report_line': '• {when}, {surface}: {said}',
  'card.accounts': '*Linked accounts*',
  'card.accounts.reading': '*Linked accounts*\nbeing looked up …',
  'card.account_line': '• *{system}* {login}: {state} (read {when})',
  'card.account_problem': '• *{system}*: {problem}',
  'card.steps': '*Done so far*',
  'card.owner': '*Taken by:* {owner}',
  'card.owner.none': '*Taken by:* nobody yet',
  'card.next': '*Recommended next:* {next}',
  'card.next.take': 'press *Take it*, so that everybody knows who is on it.',
  'card.next.contain':
    'reset the password and end the sessions in every system: *Lock down everything*, or one by one.',
  'card.next.human': 'a step needs a human, see the thread.',
  'card.next.console': 'a console step waits to be ticked off in the thread.',
  'card.next.wait': 'wait for the running steps; their results come into the thread.',
  'card.next.recover': 'contained. Talk to {name} on another channel, then close with what you found.',
  'card.outcome': '*Closed* by {owner}, {when}: {outcome}',
  'card.fallback': '{reference}: {name} reported something that they did not do',
  'button.take': 'Take it',
  'button.close': 'Close',
  'button.retry': 'Retry',
  'button.tick': 'Done, tick off',
  'button.undo': 'Undo',
  'button.more': 'More actions',
  'outcome.compromised': 'compromised',
  'outcome.harmless': 'harmless',
  'outcome.it_was_it': 'it was IT',
  'outcome.wrong_person': 'wrong person',

  'state.enabled': 'enabled',
  'state.disabled': '*disabled*',
  'state.unknown': 'state not readable',
  'state.locked': 'locked',
  'state.must_change': 'must change the password',
  'state.two_step': '2-step required',
  'state.ranges': 'limited to {ranges}',
  'state.synced': 'copied from {from}',
  'state.federated': 'signs in at {from}',
  'state.admin': ':crown: administrator ({roles})',
  'state.service': ':robot_face: service account',
  'state.shared': ':busts_in_silhouette: shared account',
  'state.elsewhere': 'another system',
  'state.protected': ':lock: protected: {why}',
  'state.password_changed': 'password set {when}',

  'surface.dm': 'in a direct message',
  'surface.button': 'with the button under a notice',
  'surface.command': 'with /notme',
  'surface.shortcut': 'with the shortcut',
  'surface.message_shortcut': 'with the shortcut on a message',
  'surface.home': 'with the button in App Home',
  'surface.mail': 'from the mail page',

  'tell.unreachable':
    ':warning: I cannot post in <#{channel}> ({why}), so incident *{reference}* ({name}) has no thread yet. Invite me there with `/invite @Notme`, or set another `security_channel` in notme.yml. I keep trying.',
  'button.tasks': 'Runbook',
  'owner.nobody': 'nobody yet, press Take it',

  'button.links': 'Correct accounts',
  'button.look': 'Look again',
  'look.asked': 'I am looking at the linked accounts again. What is new will stand in the thread in a moment.',

  'home.doctor': 'Examine the linked systems',
  'doctor.title': 'Linked systems',
  'doctor.asking': 'The linked systems are being asked what would work; nothing is changed. One moment …',
  'doctor.slow': 'The systems take long to answer. Run `notme doctor` in a terminal, or try again in a minute.',
  'doctor.sound':
    ':white_check_mark: *{system}*: {ok} checks passed, {hand} steps are done by hand, {unknown} cannot be told, {wrong} need mending.',
  'doctor.wrong':
    ':warning: *{system}*: {ok} checks passed, {hand} steps are done by hand, {unknown} cannot be told, *{wrong} need mending*:',
  'doctor.ok': '   ▸ works: {subjects}',
  'doctor.hand': '   ▸ by hand: {subjects}',
  'doctor.unknown': '   ▸ cannot be told without trying: {subjects}',
  'doctor.line': '   ▸ *{subject}*: {detail} {fix}',
  'doctor.subject.reach': 'answers',
  'doctor.subject.sign_in': 'takes our credentials',
  'doctor.subject.find': 'finds people',
  'doctor.subject.events': 'tells of events',
  'doctor.subject.evidence': 'gives evidence',
  'home.title': 'Notme',
  'home.intro':
    "*Something happened on your account and it wasn't you?* Tell us. A person of the security team sees it at once.",
  'home.report': "I didn't do this",
  'home.mine': '*Your reports*',
  'home.mine.line': '• *{reference}*, {when}: {state}',
  'home.open': '*Open incidents*',
  'home.open.line': '• *{reference}* {name}, since {when}, taken by {owner}',
  'home.open.none': 'No open incident.',
  'home.systems': '*Linked systems:* {systems}',
  'home.code.enrolled': ':white_check_mark: You are an approver and enrolled for one-time codes.',
  'home.code.missing':
    ':warning: You are an approver but have no one-time code yet: `notme enroll @you` in a terminal.',
} as const;
