/** A correction of a linked account ends with its incident, unless somebody else confirms it. */
export const confirmedLinks = {
  id: 35,
  name: 'confirmed-links',
  sql: `
-- in which incident it was corrected; it counts while that one is open
alter table account_links add column incident_id text;
update account_links l set incident_id = (select i.id from incidents i
  where i.workspace_id = l.workspace_id and i.person_id = l.person_id order by i.opened_at desc, i.id limit 1);
-- by whom and when it was confirmed, with a tag under the sealing key: nobody can write a confirmation here
alter table account_links add column confirmed jsonb;
`,
} as const;
