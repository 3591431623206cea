#include "decode/encode_form.h"

#include "base/text.h"

namespace relay {

std::string EncodeForm(const FieldList& fields) {
  std::string form;
  for (const Field& field : fields) {
    if (!form.empty()) form += '&';
    form += PercentEncode(field.name) + '=' + PercentEncode(field.value);
  }
  return form;
}

}  // namespace relay
