/** `.invalid` never exists (RFC 2606): asking for this person changes nothing, and "not found" proves the right to ask. */
export const NOBODY = 'notme-health-check@notme.invalid';
