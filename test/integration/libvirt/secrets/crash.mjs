// Loaded into the command: makes its work on a seed fail with an error that quotes what it was given, as errors of libraries do.
const encode = Reflect.get(TextEncoder.prototype, "encode");
TextEncoder.prototype.encode = function (text) {
  if (text?.includes("INLINE_USER_DATA")) throw new TypeError(`The "input" argument cannot be encoded. Received ${text}`);
  return encode.call(this, text);
};
