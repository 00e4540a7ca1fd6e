/** The fields and files of a multipart form that is wholly in memory. */
export function multipart(body: Buffer, contentType: string): Promise<FormData> {
  const response = new Response(new Uint8Array(body), { headers: { 'Content-Type': contentType } });
  // eslint-disable-next-line @typescript-eslint/no-deprecated -- advised against for large uploads by strangers; these are small and local
  return response.formData();
}
