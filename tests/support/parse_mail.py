"""Prints each mail named on the command line as one JSON object a line, as Python's email package
reads it. Complains, by failing, of whatever is not quite as the RFCs want it."""

import email
import email.header
import email.policy
import email.utils
import json
import sys


# The newer parser of this package puts a space between the encoded words of a name (RFC 2047, 6.2).
def mailboxes(raw):
    def decoded(name):
        return str(email.header.make_header(email.header.decode_header(name)))

    return [[decoded(name), address] for name, address in email.utils.getaddresses([raw])]


def content(part):
    return part.get_payload(decode=True).decode(part.get_content_charset())


def defects(message):
    found = []
    for part in message.walk():
        found += [str(defect) for defect in part.defects]
        for name, value in part.items():
            found += ["%s: %s" % (name, defect) for defect in value.defects]
    # RFC 6532 has them.
    return [defect for defect in found if "non-ascii" not in defect.lower()]


def described(path):
    with open(path, "rb") as file:
        whole = file.read()
    message = email.message_from_bytes(whole, policy=email.policy.SMTPUTF8)
    raw = email.message_from_string(whole.decode())
    wrong = defects(message)
    if wrong:
        sys.exit("%s: %s" % (path, wrong))
    parts = {"text": None, "html": None, "attachments": []}
    for part in message.walk():
        if part.is_multipart():
            continue
        if part.get_content_disposition() == "attachment":
            attachment = {"filename": part.get_filename(), "type": part.get_content_type()}
            parts["attachments"].append(attachment | {"text": content(part)})
        else:
            parts["html" if part.get_content_subtype() == "html" else "text"] = content(part)
    lists = {name: mailboxes(str(raw[name])) if name in raw else [] for name in
             ("From", "Reply-To", "To", "Cc", "Bcc")}
    return {
        "headers": {name: str(value) for name, value in message.items()},
        "type": message.get_content_type(),
    } | lists | parts


for argument in sys.argv[1:]:
    print(json.dumps(described(argument)))
