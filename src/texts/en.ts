import { mailTexts } from './mail.js';
import { mailTroubleTexts } from './mail-trouble.js';
import { pageTexts } from './page.js';
import { actionsTexts } from './actions.js';
import { modalsTexts } from './modals.js';
import { codesTexts } from './codes.js';
import { elsewhereTexts } from './elsewhere.js';
import { freezeTexts } from './freeze.js';
import { enrolTexts } from './enrol.js';
import { passkeysTexts } from './passkeys.js';
import { problemsTexts } from './problems.js';
import { timelineTexts } from './timeline.js';
import { pictureTexts } from './picture.js';
import { quorumTexts } from './quorum.js';
import { talkTexts } from './talk.js';
import { tellingTexts } from './telling.js';
import { unansweredTexts } from './unanswered.js';

/**
 * Every text that a person reads, by key. `{name}` is a placeholder: its value is typed by the key.
 * An administrator may override any of these in `notme.yml` under `texts:`.
 */
export const en = {
  ...mailTexts,
  ...mailTroubleTexts,
  ...pageTexts,
  ...pictureTexts,
  ...actionsTexts,
  ...timelineTexts,
  ...modalsTexts,
  ...codesTexts,
  ...quorumTexts,
  ...passkeysTexts,
  ...enrolTexts,
  ...problemsTexts,
  ...tellingTexts,
  ...talkTexts,
  ...freezeTexts,
  ...unansweredTexts,
  ...elsewhereTexts,

  'kind.password_reset': 'your password was reset',
  'kind.sign_in': 'there was a sign-in from a new place',
  'kind.two_step_changed': 'your 2-step verification was changed',
  'kind.reported': 'you reported something there',
  'kind.push_denied': 'somebody asked to sign in as you, and the request was rejected on your phone',
  'kind.at_risk': 'it noticed something unusual about your account',
  'kind.password_reset.short': 'Password reset',
  'kind.sign_in.short': 'New sign-in',
  'kind.two_step_changed.short': '2-step changed',

  'kind.reported.short': 'Reported there',
  'kind.push_denied.short': 'Sign-in request rejected',
  'kind.at_risk.short': 'Held to be at risk',

  'notice.title': 'Was this you?',
  'notice.text': '*{system}* says: {what}.',
  'notice.when': '*When:* {when}',
  'notice.by': '*By:* {actor}',
  'notice.by_unknown': 'not said by the system',
  'notice.account': '*Account:* {login}',
  'notice.from': '*From:* {ip}',
  'notice.word': '*In its own word:* {word}',
  'notice.hint':
    'If it was not you, say so now: it takes one tap, and a person looks at it. You cannot do anything wrong here.',
  'notice.not_me': "I didn't do this",
  'notice.me': 'This was me',
  'notice.answered_not_me':
    ':rotating_light: You said that this was *not you*. The security team has been told; keep an eye on the message below.',
  'notice.answered_me':
    ':white_check_mark: You said that this was you. Nothing was changed or locked, and you need not do anything else. It does not prove that it was you: somebody else in your Slack could have pressed that button too. So the security team may still ask you, by phone or in person.',
  'notice.answered_me.provable':
    'With a code from your authenticator app, or your passkey, you can prove it now. You need not.',
  'notice.answered_me.proven':
    ':white_check_mark: You said that this was you, and proved it with {proof}. Nothing was changed or locked, and you need not do anything else.',
  'notice.answered_me.change':
    "Not sure any more? Press *I didn't do this*: a person looks at it, and it does no harm if you are wrong.",
  'notice.prove': 'Prove it with your code',
  'notice.fallback': '{system}: {what}. Was this you?',

  'status.title': 'Thank you for telling us',
  'status.elsewhere':
    'You told one of our sign-in services that something was *not you*. We heard it from there and opened this in your name; *you need do nothing more*.',
  'status.opened': 'The security team has been told about your account and has opened incident *{reference}*.',
  'status.next':
    '*What happens next:* someone checks what happened and secures your accounts. You may be signed out everywhere, here in Slack too, and have to set a new password; that is expected.',
  'status.do':
    "*Please:* don't approve sign-in prompts that you did not start, and don't share codes with anybody, not even with us.",
  'status.waiting': '*Who is looking:* the on-call security team; nobody has taken it yet.',
  'status.owner': '*Who is looking:* {owner}',
  'status.nothing_yet': '*So far:* your report has arrived; nothing has been changed yet.',
  'status.begun': '*So far:* your report has arrived, and the security team has begun to secure your accounts.',
  'status.closed.benign':
    'The incident is closed: we found nothing wrong. Thank you for checking with us; please do so again next time.',
  'status.closed.authorized_change':
    'The incident is closed: it was our own IT team. Thank you for checking with us; please do so again next time.',
  'status.closed.wrong_person':
    'The incident is closed: the report was about another person. Thank you for checking with us.',
  'status.fallback': 'Incident {reference}: {state}',
  'status.state.open': 'the security team is on it',
  'status.state.closed': 'closed',

  'ask.unsure': "I want to be sure that I understand you. Did something happen on your account that wasn't you?",
  'ask.yes': "Yes, that wasn't me",
  'ask.no': 'No, everything is fine',
  'ask.no_answer': 'Good. If anything looks odd, write to me at any time: "I didn\'t do this" is enough.',
  'ask.help':
    'I am here for one thing: when something happened on your account and it was not you, tell me, in your own words. I pass it on to the security team at once.',
  'report.was_me':
    'Good to know. Nothing was changed. If anything looks odd later, write to me: "that wasn\'t me" is enough.',
  'report.was_me_open':
    'Noted: I passed it on in incident {reference}. Anybody who got into your Slack could say this, so someone from the security team will check with you before it is closed.',
  'report.merged': 'I added this to incident *{reference}*, which is already open. The security team sees it.',
  'report.opened':
    'Thank you. I have told the security team and opened incident *{reference}*. I will keep you up to date in our direct messages.',
  'report.unknown_person':
    'I could not find out who you are: Slack gave me no e-mail address for you. Please call the security team.',
  'report.too_late':
    'That took too long for Slack to open the window. Write to me here instead: "I didn\'t do this" is enough.',
  'report.bot': 'Only people can report.',
  'report.stranger':
    'You belong to another organisation, so Notme here cannot contain your account. Tell the security team of your own organisation.',

  'card.unknown.owner': 'nobody yet',

  'card.title': '{reference}: {name} says "I didn\'t do this"',
  'card.title.lockdown': '{reference}: {name}',
  'card.who': '*Who:* {who}',
  'card.title_line': '*Title:* {title}',
  'card.manager': '*Manager:* {manager}',
  'card.zone': '*Time zone:* {zone} ({local} there)',
  'card.unknown': 'not known',
  'card.reported': '*Reported*\n{lines}',
  'card.elsewhere': '*Reported elsewhere*',
  'card.report_line': '• {when}, {surface}: {said}',
  'card.accounts': '*Linked accounts*',
  'card.accounts.reading': '*Linked accounts*\nbeing looked up …',
  'card.account_line': '• *{system}* {login}: {state} (read {when})',
  'card.account_problem': '• *{system}*: {problem}',
  'card.steps': '*Done so far*',
  'card.owner': '*Taken by:* {owner}',
  'card.next': '*Recommended next:* {next}',
  'card.next.take': 'press *Take it*, so that everybody knows who is on it.',
  'card.next.contain':
    'reset the password and end the sessions in every system: *Lock down everything*, or one by one.',
  'card.next.human': 'a step needs a human, see the thread.',
  'card.next.console': 'a manual step waits to be ticked off in the thread.',
  'card.next.wait': 'wait for the running steps; their results appear in the thread.',
  'card.next.recover': 'every step is done. Talk to {name} on another channel, then close with what you found.',
  'card.outcome': '*Closed* by {owner}, {when}: {outcome}',
  'card.fallback': '{reference}: {name} reported something that they did not do',
  'button.take': 'Take it',
  'button.close': 'Close',
  'button.retry': 'Retry',
  'button.tick': 'Done, tick off',
  'button.undo': 'Undo',
  'button.more': 'More actions',
  'outcome.compromised': 'compromised',
  'outcome.benign': 'benign',
  'outcome.authorized_change': 'authorized change (our own IT)',
  'outcome.wrong_person': 'wrong person',

  'state.enabled': 'enabled',
  'state.disabled': '*disabled*',
  'state.quarantined': '*in quarantine*',
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
  'surface.elsewhere': 'at an identity system',
  'surface.mention': 'after writing @Notme in a channel',

  'tell.unreachable':
    ':warning: I cannot post in <#{channel}> ({why}), so incident *{reference}* ({name}) has no thread yet. Invite me there with `/invite @Notme`, or set another `security_channel` in notme.yml. I keep trying.',
  'tell.no_card':
    ':warning: The card of incident *{reference}* ({name}) is not in <#{channel}> yet: Slack does not accept it ({why}). I keep trying. Until it is there, act with `/lockdown`; my Home tab lists the open incidents.',
  'tell.unheard':
    ':warning: <#{channel}> does not accept this from me ({why}), so you get it directly. I keep trying. If I am not in that channel, invite me there with `/invite @Notme`.',
  'tell.channel':
    ':rotating_light: *I have stopped posting in the security channel* <#{channel}>. Incidents go on: everything is stored, and posted once the channel is private again and takes my messages. Look at who changed it.',
  'channel.ok': 'The bot is in it.',
  'channel.not_in_channel':
    'The bot is not in the security channel: invite it there with /invite @Notme. Until then incidents have no thread, and approvers are told directly.',
  'channel.is_archived':
    'The security channel is archived: unarchive it, or set workspace.security_channel in notme.yml to another. Until then incidents have no thread, and approvers are told directly.',
  'channel.channel_not_found':
    'The bot does not see the security channel: invite it there again with /invite @Notme, or set workspace.security_channel in notme.yml to one that is there. Until then incidents have no thread, and approvers are told directly.',
  'channel.restricted':
    'The bot may not post in the security channel: let Notme post there. Until then incidents have no thread, and approvers are told directly.',
  'channel.shared_outside':
    'The security channel is shared with another organisation, which would read the evidence: stop sharing it, or set workspace.security_channel in notme.yml to a private channel. Until then incidents have no thread, and approvers are told directly.',
  'channel.public':
    'The security channel is public, so that everybody in the workspace would read the evidence: make it private, or confirm it with workspace.allow_public_channel in notme.yml. Until then incidents have no thread, and approvers are told directly.',
  'channel.unknown':
    'Slack does not say whether the bot can post in the security channel ({why}): try again in a minute.',
  'approvers.ok': 'Approvers are configured, and every user group in a role has members.',
  'approvers.none': 'Nobody may decide: set workspace.roles.approver in notme.yml.',
  'approvers.silent':
    'Slack does not say who is in these user groups: {groups}. Until it does, their members are not notified and cannot act; those of the other groups can. Try again in a minute; if that does not help, check that the app has usergroups:read, or correct workspace.roles in notme.yml.',
  'approvers.dead':
    'Slack knows no such user group: {groups}. It was deleted or disabled, or its id is wrong. Its members cannot act; those of the other groups can. Enable it, or correct workspace.roles in notme.yml.',
  'approvers.empty':
    'These user groups have no members: {groups}. Add members in Slack, or correct workspace.roles in notme.yml.',
  'roles.powerless':
    'These are named for a role and cannot act in it, for they are no members of the workspace: {who}. Take them out, or make them members.',
  'roles.line': '{role}: {who}.',
  'roles.nobody': 'nobody',
  'home.roles': '*Who may do what*',
  'home.roles.line': '• {role}: {who}',
  'cards.ok': 'Every open incident has its card.',
  'cards.missing':
    'These open incidents have no card in their channel: {references}. It is posted as soon as Slack accepts it: look at the channel, and at the log of the worker. Until then act with /lockdown.',
  'button.tasks': 'Runbook',
  'owner.nobody': 'nobody yet, press Take it',

  'button.links': 'Correct accounts',
  'button.look': 'Look again',
  'look.asked': 'I am looking at the linked accounts again. Anything new will be in the thread in a moment.',

  'home.doctor': 'Examine the linked systems',
  'doctor.title': 'Linked systems',
  'doctor.asking': 'The linked systems are being asked what would work; nothing is changed. One moment …',
  'doctor.sound':
    ':white_check_mark: *{system}*: {ok} checks passed, {hand} steps are done by hand, {unknown} cannot be checked, {wrong} need fixing.',
  'doctor.wrong':
    ':warning: *{system}*: {ok} checks passed, {hand} steps are done by hand, {unknown} cannot be checked, *{wrong} need fixing*:',
  'doctor.ok': '   ▸ works: {subjects}',
  'doctor.hand': '   ▸ by hand: {subjects}',
  'doctor.unknown': '   ▸ cannot be checked without trying: {subjects}',
  'doctor.line': '   ▸ *{subject}*: {detail} {fix}',
  'doctor.subject.reach': 'answers',
  'doctor.subject.sign_in': 'accepts our credentials',
  'doctor.subject.clock': 'agrees on the time',
  'doctor.subject.find': 'finds people',
  'doctor.subject.events': 'reports events',
  'doctor.subject.channel': 'posts in the security channel',
  'doctor.subject.cards': 'shows every open incident',
  'doctor.subject.approvers': 'knows who may decide',
  'doctor.subject.mail': 'can ask people without Slack',
  'doctor.subject.reports': 'tells of reports made there',
  'doctor.subject.evidence': 'gives evidence',
  'home.title': 'Notme',
  'home.intro': "*Something happened on your account and it wasn't you?* Tell us. The security team is told at once.",
  'home.report': "I didn't do this",
  'home.mine': '*Your reports*',
  'home.mine.line': '• *{reference}*, {when}: {state}',
  'home.open': '*Open incidents*',
  'home.open.line': '• *{reference}* {name}, since {when}, taken by {owner}',
  'home.open.no_card': ':warning: Nobody sees it: its card is not in <#{channel}> yet.',
  'home.open.none': 'No open incident.',
  'home.systems': '*Linked systems:* {systems}',
  'home.code.enrolled': ':white_check_mark: You are an approver and enrolled for one-time codes.',
  'code.uncoded':
    "No one-time code is asked for: {decisions}. Whoever holds an approver's Slack can decide these. To have one asked for, see step_up in notme.yml.",
  'home.uncoded': ':warning: {uncoded}',
  'home.code.missing':
    ':warning: You are an approver but have no one-time code yet: press *Enrol an authenticator app*, and another administrator approves it; or `notme enroll @you` in a terminal.',
} as const;
