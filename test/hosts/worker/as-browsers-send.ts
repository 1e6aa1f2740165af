/** workerd writes a carriage return in a file's name into a form as it is; every browser sends %0D (HTML, 4.10.22.8). */
const append = FormData.prototype.append as (name: string, value: string | Blob) => void
FormData.prototype.append = function (this: FormData, name: string, value: string | Blob) {
  const file =
    value instanceof File ? new File([value], value.name.replaceAll('\r', '%0D'), { type: value.type }) : value
  append.call(this, name, file)
}
