/** A generated password is kept until its step has ended; before this it was kept for ever. A retry makes another one. */
export const erasedPasswords = {
  id: 13,
  name: 'erased-passwords',
  sql: `
update steps set sealed_password = null where finished_at is not null and sealed_password is not null;
`,
} as const;
