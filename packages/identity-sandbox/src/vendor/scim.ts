/**
 * SCIM has no vendor: the attributes are those of RFC 7643 (sections 3.1, 4.1, 4.2, 4.3, 5) and of RFC 7644 (3.4.2 lists,
 * 3.5.2 PATCH, 3.12 errors), as far as they are answered, sent or read here.
 */
interface Valued {
  value?: string;
  display?: string;
  type?: string;
  primary?: boolean;
  $ref?: string;
}

interface Resource {
  schemas?: string[];
  id?: string;
  externalId?: string;
  meta?: { resourceType?: string; created?: string; lastModified?: string; location?: string; version?: string };
}

export interface User extends Resource {
  userName?: string;
  displayName?: string;
  active?: boolean;
  password?: string;
  emails?: Valued[];
  phoneNumbers?: Valued[];
  groups?: Valued[];
  entitlements?: Valued[];
  roles?: Valued[];
  'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User'?: { employeeNumber?: string };
}

export interface Group extends Resource {
  displayName?: string;
  members?: Valued[];
}

export interface ListResponse {
  schemas?: string[];
  totalResults?: number;
  itemsPerPage?: number;
  startIndex?: number;
  Resources?: Resource[];
}

export interface ServiceProviderConfig {
  patch?: { supported?: boolean };
  changePassword?: { supported?: boolean };
  etag?: { supported?: boolean };
}

export interface Operation {
  op: 'add' | 'remove' | 'replace';
  path?: string;
  value?: unknown;
}

export interface Refusal {
  schemas?: string[];
  status?: string;
  scimType?: string;
  detail?: string;
}
