"""Usual spelling of a text, so that a stem is found however a newspaper writes it.

Arabic vowel signs and the dot below Hindi letters may be left out, a Hindi nasal is a letter or a dot, Russian ё
has its dots or not, a Turkish capital has a dot or none, and Taiwan and Hong Kong write the traditional characters of Chinese.
"""

import re
from collections.abc import Sequence
from typing import Final, NamedTuple

from agents.tag.topics.forms import ARABIC_LETTERS, ARABIC_USUAL, SIGNS
from agents.tag.topics.tokens import lower

#: Traditional characters of Chinese as often found in news, and the simplified ones, one for one.
TRADITIONAL: Final = (
    "萬與專業東絲丟兩嚴喪個豐臨為麗舉義烏樂喬習鄉書買亂爭於虧雲亞產畝親褻億僅從侖倉儀們價眾優會傘偉傳傷倫偽體餘傭債傾償儲兒黨"
    "蘭關興養獸內岡冊寫軍農馮衝決況凍淨涼減湊凜幾鳳憑凱擊劉則剛創刪別製劑劍劇勸辦務動勵勁勞勢區醫華協單賣盧衛卻廠廳歷厲壓縣參"
    "雙發變敘葉號嘆嚇呂嗎噸聽啟吳員嗚響嘩問啞團園圍國圖圓聖場壞塊堅壇壩墳墜壟墊聲殼處備複夠頭誇夾奪奮獎奧婦媽嫵嬌孫學寧寶實寵"
    "審憲宮寬賓對尋導壽將爾塵嘗堯屍盡層屆屬歲豈島嶺嶼峽崗幣帥師帳幫帶廣莊慶庫應廟龐廢開異棄張彌彎彈強歸當錄彥徹徑後憶懷態總戀"
    "懇惡慘慣憤懶戰戲戶撲執擴掃揚擾撫拋搶護報擔擬擁攔擇掛揮損換據擺搖攤撐敗賬貨質貪貧購貫貴貸貿費賀賊賄資賦賭賞賜賠賴賺賽贊贈"
    "贏數斃斷無舊時曠晝顯曉暫術樸機殺雜權條來楊傑極構槍櫃標棧棟樹樣橋檢樓橫歐歡殘毀氣漢湯溝沒淪滬瀘澤潔灑淺濟瀏渾濃濤漲潤澀淵"
    "漁滲溫灣濕滯滿濾濱灘潛災爐爛煉燒燙熱煩燭愛爺牆狀猶獨獄獵獅豬貓獻環現瑪電畫疊瘋癒療癥盜盤監睜礦碼確礎禮禍離種積稱穩窮竊競"
    "筆築簽簡糧糾紀約級紅純紗納縱紛紙紋紡線練組細織終紹經結給絕統絡絞繼績緒續繩維綱網綜綠緊編緩締緣縮繳罷罰羅職聯聰肅腸膚膽勝"
    "腦臉騰艙艦藝節蘇範蘋荊薦藥萊蓮獲營薩藍虛蟲雖蝦補襲裝見觀規覓視覽覺觸計訂認譏討讓訓議訊記講諱許論訟設訪訣證評識詐訴診詞譯"
    "試詩誠話詢該詳語誤誘說請諸諾讀課調諒談謀謊謎謝謠謹譜財責賢貶販輪軟轉輛輩輝輸轄達遷過運還這進遠違連遲適選遜遞邊遼郵鄰鄭釋"
    "裡鑒針釣鋼鐵鈔鐘鑰銀銅鋁銷鎖鍋鍵鎮鏡長門閉閃閱闊隊陽陰陣階際陸陳險隨隱難霧靈靜韓頁頂項順須顧頓預領頗頻題額顏願類風飛飢飯"
    "飲飾飽館餓饑馬馳駐駕駛騎騙驗驚魚魯鮮鯨鳥雞鳴鴨麥黃點齊齒龍龜並劃臺稅墮滅慮憂鬱癱颱颶轟羣潰佔犧籃勳遊穀託讚鏈駁髒髮鬥鬧鬆"
    "麼纖繫係裏迴週採湧準淚滾漸瀕瞭籌纏聳膠脫腳蘿誌譴貝趕趙跡蹟轎辭遺醜釀鈾鑽閣闖頒顛飄騷鯊鵝撥擋攜殯夢驅鐳鋰測燈燦瓊痺瘡礙穌"
    "竄籠罵聞艱蕩薑衆踐躍軌較載逕邏鄧醬鋪錯鎊鐮闢陝隸雛靂顫颳飼駝髏鬍鯉鱷鴿鷹鹽鼴濺掙撓撿擠擲攪敵斬晉曬樞檔潑澆瀆爍瑣畢癢睏矚"
    "碩磚禦稈穎窯簾籤粵紮絆綁綺緝縫繡翹脅膩艷莖葦蔣薔蘆蝸蟻衹袞訌訝詔詛詠誅誼諮諧謙謬譽豔貞賂賤贓贖躡軀軒輯轍辮鄒鈕銳鋒錦鍛鎢"
    "鑄閒閩闡阪隕雋鞏韋頌頰顱颯騁鬚魷鰲鶴麩糴"
)
SIMPLIFIED: Final = (
    "万与专业东丝丢两严丧个丰临为丽举义乌乐乔习乡书买乱争于亏云亚产亩亲亵亿仅从仑仓仪们价众优会伞伟传伤伦伪体余佣债倾偿储儿党"
    "兰关兴养兽内冈册写军农冯冲决况冻净凉减凑凛几凤凭凯击刘则刚创删别制剂剑剧劝办务动励劲劳势区医华协单卖卢卫却厂厅历厉压县参"
    "双发变叙叶号叹吓吕吗吨听启吴员呜响哗问哑团园围国图圆圣场坏块坚坛坝坟坠垄垫声壳处备复够头夸夹夺奋奖奥妇妈妩娇孙学宁宝实宠"
    "审宪宫宽宾对寻导寿将尔尘尝尧尸尽层届属岁岂岛岭屿峡岗币帅师帐帮带广庄庆库应庙庞废开异弃张弥弯弹强归当录彦彻径后忆怀态总恋"
    "恳恶惨惯愤懒战戏户扑执扩扫扬扰抚抛抢护报担拟拥拦择挂挥损换据摆摇摊撑败账货质贪贫购贯贵贷贸费贺贼贿资赋赌赏赐赔赖赚赛赞赠"
    "赢数毙断无旧时旷昼显晓暂术朴机杀杂权条来杨杰极构枪柜标栈栋树样桥检楼横欧欢残毁气汉汤沟没沦沪泸泽洁洒浅济浏浑浓涛涨润涩渊"
    "渔渗温湾湿滞满滤滨滩潜灾炉烂炼烧烫热烦烛爱爷墙状犹独狱猎狮猪猫献环现玛电画叠疯愈疗症盗盘监睁矿码确础礼祸离种积称稳穷窃竞"
    "笔筑签简粮纠纪约级红纯纱纳纵纷纸纹纺线练组细织终绍经结给绝统络绞继绩绪续绳维纲网综绿紧编缓缔缘缩缴罢罚罗职联聪肃肠肤胆胜"
    "脑脸腾舱舰艺节苏范苹荆荐药莱莲获营萨蓝虚虫虽虾补袭装见观规觅视览觉触计订认讥讨让训议讯记讲讳许论讼设访诀证评识诈诉诊词译"
    "试诗诚话询该详语误诱说请诸诺读课调谅谈谋谎谜谢谣谨谱财责贤贬贩轮软转辆辈辉输辖达迁过运还这进远违连迟适选逊递边辽邮邻郑释"
    "里鉴针钓钢铁钞钟钥银铜铝销锁锅键镇镜长门闭闪阅阔队阳阴阵阶际陆陈险随隐难雾灵静韩页顶项顺须顾顿预领颇频题额颜愿类风飞饥饭"
    "饮饰饱馆饿饥马驰驻驾驶骑骗验惊鱼鲁鲜鲸鸟鸡鸣鸭麦黄点齐齿龙龟并划台税堕灭虑忧郁瘫台飓轰群溃占牺篮勋游谷托赞链驳脏发斗闹松"
    "么纤系系里回周采涌准泪滚渐濒了筹缠耸胶脱脚萝志谴贝赶赵迹迹轿辞遗丑酿铀钻阁闯颁颠飘骚鲨鹅拨挡携殡梦驱镭锂测灯灿琼痹疮碍稣"
    "窜笼骂闻艰荡姜众践跃轨较载径逻邓酱铺错镑镰辟陕隶雏雳颤刮饲驼髅胡鲤鳄鸽鹰盐鼹溅挣挠捡挤掷搅敌斩晋晒枢档泼浇渎烁琐毕痒困瞩"
    "硕砖御秆颖窑帘签粤扎绊绑绮缉缝绣翘胁腻艳茎苇蒋蔷芦蜗蚁只衮讧讶诏诅咏诛谊咨谐谦谬誉艳贞赂贱赃赎蹑躯轩辑辙辫邹钮锐锋锦锻钨"
    "铸闲闽阐坂陨隽巩韦颂颊颅飒骋须鱿鳌鹤麸籴"
)
#: Letters that are written in several ways and the usual ones, one for one, by language. A Hindi letter with a dot below can be
#: one code point.
LETTERS: Final = {
    "ar": (ARABIC_LETTERS, ARABIC_USUAL),
    "hi": ("\u0958\u0959\u095a\u095b\u095c\u095d\u095e\u095f\u0901", "कखगजडढफय\u0902"),
    "ru": ("\u0451", "\u0435"),
    "uk": ("\u02bc`", "''"),
    "zh": (TRADITIONAL, SIMPLIFIED),
}
#: What finds them, and what changes them: most texts have none.
CHANGED: Final = {
    language: (re.compile(f"[{written}]"), str.maketrans(written, usual))
    for language, (written, usual) in LETTERS.items()
}
#: Turkish capitals: I is no capital of i.
TURKISH: Final = str.maketrans("I\u0130", "\u0131i")
#: What is left out: vowel signs and the stretched line of Arabic; the dot below and joiners of Hindi. A Hindi nasal before a
#: consonant of its row becomes the dot above.
LEFT_OUT: Final = {
    "ar": SIGNS,
    "hi": re.compile("[\u093c\u200c\u200d]|[ङञणनम]\u094d(?=[क-घच-झट-ढत-धप-भ])"),
}
NASAL_DOT: Final = "\u0902"


class Spelling(NamedTuple):
    """A text in its usual spelling, and for each of its characters and its end the place in the text as it was."""

    text: str
    places: Sequence[int]


def usual(text: str, language: str) -> Spelling:
    """Return a text in lower case and in the usual spelling of its language."""
    lowered = one_for_one(text, language)
    pattern = LEFT_OUT.get(language)
    if pattern is None or pattern.search(lowered) is None:
        return Spelling(lowered, range(len(lowered) + 1))
    pieces: list[str] = []
    places: list[int] = []
    end = 0
    for left_out in pattern.finditer(lowered):
        pieces.append(lowered[end : left_out.start()])
        places += range(end, left_out.start())
        if len(left_out[0]) > 1:
            pieces.append(NASAL_DOT)
            places.append(left_out.start())
        end = left_out.end()
    return Spelling("".join([*pieces, lowered[end:]]), [*places, *range(end, len(lowered) + 1)])


def respelled(text: str, language: str) -> str:
    """Return a text for the words of a table: with small Turkish letters, which are not those of other languages."""
    return text.translate(TURKISH) if language == "tr" else text


def one_for_one(text: str, language: str) -> str:
    """Return a text in lower case, its letters in the usual spelling, each at its place."""
    lowered = lower(respelled(text, language)).replace("\u2019", "'")
    pattern, letters = CHANGED.get(language, (None, {}))
    return lowered if pattern is None or pattern.search(lowered) is None else lowered.translate(letters)
