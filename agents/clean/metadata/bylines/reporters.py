"""Reporters in lines of Chinese, Japanese and Korean: a label beside their names, and no punctuation between the two."""
# ruff: noqa: RUF001 - the characters that look like others are what is matched

import re

#: Labels of those who write, in Chinese characters, and the punctuation behind them.
_LABEL = r"(?:取材·文|作者|记者|記者|撰文|撰稿|著者|文(?=[/／:：＝=•]))"
#: Names in Chinese characters behind a label that may stand anywhere: a source or a date comes first.
HAN = re.compile(
    rf"{_LABEL}\s*[:：/／·＝=]?\s*([\u4e00-\u9fff々·]{{2,5}}(?:[、\s][\u4e00-\u9fff々·]{{2,5}}){{0,3}}?)(?=[/／|）)\s【\[]|$)"
)
#: A Japanese surname and given name with a space between, up to the end or another label with its punctuation.
_SPACED = re.compile(
    rf"{_LABEL}\s*[:：/／·＝=•]\s*(([\u4e00-\u9fff々]{{1,4}})\s([\u3041-\u30ff\u4e00-\u9fff々]{{1,5}}))"
    r"(?=$|[）)】、，,/／]|\s[^\s:：/／＝=•]{1,5}[:：/／·＝=•])"
)
#: The first characters of common surnames: Korean ones, and Chinese ones in both scripts.
_KOREAN = (
    "김이박최정강조윤장임한오서신권황안송류유전홍고문양손배백허남심노하곽성"
    "차주우구민진지엄채원천방공현함변염여추도소석선설마길연위표명기반왕금옥"
)
_CHINESE = frozenset(
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许韩冯邓曹彭曾肖田董潘袁蔡蒋余于杜叶程魏苏吕丁任卢"
    "姚沈钟姜崔谭陆范汪廖石金韦贾夏付方邹熊白孟秦邱侯江尹薛闫段雷龙黎史陶贺毛郝顾龚邵万覃武钱戴严莫孔向常"
    "汤張劉陳楊黃趙吳孫馬羅鄭謝許韓馮鄧葉蘇呂盧鍾譚陸賈鄒龍賀顧龔萬錢嚴湯"
    "洪赖賴庄莊萧蕭简簡游詹施颜顏柯翁温溫唐蓝藍康涂尤纪紀欧歐童傅章鲁魯倪殷毕畢齐齊祁阮卓巫"
)
#: Names: a surname and one or two characters behind it.
HAN_NAME = rf"[{''.join(sorted(_CHINESE))}][\u4e00-\u9fff]{{1,2}}"
_HAN_NAME = re.compile(HAN_NAME)
KOREAN_NAME = rf"[{_KOREAN}][가-힣]{{2}}"
#: A reporter, the town and "reports", without punctuation between them, as papers of Taiwan begin.
DESPATCH = re.compile(rf"[记記]者\s?({HAN_NAME})(?:[\u4e00-\u9fff]{{2,4}})?(?:報導|报道|报导)")
#: Korean names and the word for reporters behind them, perhaps their paper's name between.
_REPORTERS = re.compile(
    rf"(?<![가-힣])(?!기자|입력|수정|승인|등록|오전|오후|사진|[가-힣]{{2,6}}(?:뉴스|일보|신문|방송|통신)\s)([{_KOREAN}][가-힣]{{1,3}}(?:[·,]\s?[가-힣]{{2,4}})*)\s+(?:[가-힣]{{2,8}}\s)?[가-힣]{{0,4}}(?:기자|특파원|논설위원|앵커)(?![가-힣])"
)
#: A Korean name with the word for a reporter glued to it: a surname and two letters.
_GLUED = re.compile(rf"(?<![가-힣])({KOREAN_NAME})기자(?:\s|$)")
#: A Korean name before the time at which an article was entered, as portals show them.
_ENTERED = re.compile(rf"({KOREAN_NAME})\s?(?=입력\s?[\d:])")
#: Where an agency's report begins: its town and name in brackets, a reporter, and an equals sign.
_WIRE = re.compile(
    rf"\([가-힣]{{2,8}}=[^()]{{2,20}}\)\s*([{_KOREAN}][가-힣]{{1,3}}(?:[·,]?\s?[가-힣]{{2,4}}){{0,3}}?)"
    r"\s*(?:기자|특파원)\s*="
)
#: A Japanese name and the word for a reporter right behind it, in a line of its own.
_JAPANESE = re.compile(
    r"\W*(?!本紙|本社|新聞|担当)([\u3041-\u30ff\u4e00-\u9fff々]{2,6}?)(?<![省庁社局部紙会党県市])(?:記者|特派員)\W*"
)
#: Chinese reporters in brackets where a report begins, perhaps with their agency before, and with the town and the day behind.
_LEAD = re.compile(
    rf"[^（()）。]{{0,30}}[（(][\u4e00-\u9fff]{{0,8}}?[记記]者\s?(({HAN_NAME})(?:[、，,\s]\s?{HAN_NAME}){{0,5}})"
    r"(?:[\u4e00-\u9fff]{2,4}\d{1,2}日[電电])?[)）]"
)
#: A date at the end of a line.
_DATE_BEHIND = re.compile(r"\s+(?:19|20)\d\d[年/.-].*")
MAX_REPORTERS = 80


def labelled_name(byline: str) -> str:
    """Return the name in Chinese characters or in kana behind a label in a byline; empty where there is none."""
    spaced = None if byline.isascii() else _SPACED.search(byline)
    # Two Chinese names with a space between are two persons, or a person and a town: the first is taken below.
    if spaced and not (_HAN_NAME.fullmatch(spaced[2]) and _HAN_NAME.fullmatch(spaced[3])):
        return spaced[1]
    labelled = HAN.search(byline)
    return labelled[1] if labelled else ""


def reporters_in(line: str) -> str:
    """Return the names of reporters in a line whose label stands behind them, or has no punctuation behind it; else nothing.

    Korean names stand before the word for reporters, perhaps with their paper between; Chinese ones right behind it.
    """
    if line.isascii() or len(line) > MAX_REPORTERS or line.endswith((".", "。")):
        return ""
    if found := _REPORTERS.findall(line) or _GLUED.findall(line):
        return ", ".join(found).replace("·", ", ")
    if reporter := DESPATCH.search(line) or _ENTERED.match(line):
        return reporter[1]
    if (reporter := HAN.search(line)) and reporter[1][0] in _CHINESE:
        return reporter[1]
    return reporter[1] if (reporter := _JAPANESE.fullmatch(_DATE_BEHIND.sub("", line))) else ""


def wire_reporters(text: str) -> str:
    """Return the reporters with which a Korean or Chinese report begins, empty where it begins with something else."""
    reporters = _WIRE.match(text) if text.startswith("(") else None
    if reporters is None and ("记者" in text[:MAX_REPORTERS] or "記者" in text[:MAX_REPORTERS]):
        reporters = _LEAD.match(text)
    return re.sub(r"[·,\s]+", ", ", reporters[1]) if reporters else ""
