/** The bytes of a string that has one char a byte, as Espruino's `data` events bring them. */
export function bytesOf(text: string): Uint8Array {
  var bytes = new Uint8Array(text.length);
  for (var i = 0; i < text.length; i++) bytes[i] = text.charCodeAt(i);
  return bytes;
}
